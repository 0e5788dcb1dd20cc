package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.Diagnosis.Measurement;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.VisionLanguageModel;

class GraphChooserTest {
  private static final String FP32 = Variants.DECODER + ".onnx";
  private static final String FP16 = Variants.DECODER + "_fp16.onnx";
  private static final String INT8 = Variants.DECODER + "_int8.onnx";
  private static final String INT4 = Variants.DECODER + "_q4.onnx";
  private static final String VISION = Variants.VISION + ".onnx";

  /** 8-bit weights read prompts twice as fast, 4-bit weights write answers twice as fast. */
  private static final Map<String, Measurement> USUAL =
      Map.of(
          INT8,
          new Measurement(INT8, 64, 640, 16, 16, 0),
          INT4,
          new Measurement(INT4, 128, 320, 32, 32, 0));

  @TempDir Path scratch;

  private ModelFolder folder(String... decoders) throws IOException {
    return Variants.make(scratch.resolve("m"), List.of(decoders), List.of(""));
  }

  private static ModelSettings asks(DecoderVariant variant) {
    return TinyVqa.SETTINGS.with(
        new SessionSettings(Provider.AUTO, 0, 0, variant, Optional.empty(), false));
  }

  private static GraphChooser chooser(ModelFolder folder, Memory memory) {
    return new GraphChooser(folder, asks(DecoderVariant.AUTO), false, memory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_fp16", "_int8", "_q4"})
  void ofOneGraphThereIsNothingToMeasure(String suffix) throws IOException {
    GraphChooser chooser = chooser(folder(suffix), Memory.UNKNOWN);
    assertThat(chooser.open()).isEmpty();
    GraphChoice choice = chooser.choose(Map.of());
    assertThat(choice.step().name()).isEqualTo(Variants.DECODER + suffix + ".onnx");
    assertThat(choice.prefill()).isEqualTo(choice.step());
    assertThat(choice.vision()).contains(VISION);
    assertThat(choice.reason()).isEqualTo("it is the only one in the folder");
    assertThat(choice.chunk()).isEqualTo(256);
  }

  @Test
  void whereTwoTogetherAnswerSoonestBothAreRun() throws IOException {
    GraphChooser chooser = chooser(folder("_int8", "_q4"), Memory.UNKNOWN);
    assertThat(chooser.open()).containsExactly(INT8, INT4);
    GraphChoice choice = chooser.choose(USUAL);
    assertThat(choice.prefill().name()).isEqualTo(INT8);
    assertThat(choice.step().name()).isEqualTo(INT4);
    assertThat(choice.chunk()).isEqualTo(64);
    assertThat(choice.reason())
        .isEqualTo(
            "int8 for prompts and int4: 2.00 s for 640 positions of a prompt and 32 of an answer,"
                + " against int8: 3.00 s for 640 positions of a prompt and 32 of an answer");
    assertThat(choice.measurements()).containsExactly(USUAL.get(INT8), USUAL.get(INT4));
  }

  @Test
  void aSecondGraphThatSavesLittleIsNotLoaded() throws IOException {
    Map<String, Measurement> close =
        Map.of(
            INT8, new Measurement(INT8, 64, 640, 30, 30, 0),
            INT4, new Measurement(INT4, 64, 620, 32, 32, 0));
    GraphChoice choice = chooser(folder("_int8", "_q4"), Memory.UNKNOWN).choose(close);
    assertThat(choice.decoders()).hasSize(1);
    assertThat(choice.step().name()).isEqualTo(INT4);
  }

  @Test
  void whereTheMemoryHoldsOneItSaysSo() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    List<DecoderFile> files = DecoderFile.of(folder, false);
    long vision = MemoryNeed.ofWeights(folder, VISION, false);
    long one = MemoryNeed.of(folder.description(), files.subList(1, 2), vision, 256).peak();
    long both = MemoryNeed.of(folder.description(), files, vision, 256).peak();
    Memory memory = new Memory(2 * both, (one + both) / 2);
    GraphChoice choice = chooser(folder, memory).choose(USUAL);
    assertThat(choice.decoders()).hasSize(1);
    assertThat(choice.step().name()).isEqualTo(INT8);
    assertThat(choice.reason())
        .endsWith(
            "; int8 for prompts and int4 would be faster, but need %s and %s are available"
                .formatted(MemoryNeed.gigabytes(both), MemoryNeed.gigabytes(memory.available())));
  }

  @Test
  void graphsIn16BitFloatingPointTakeTwiceTheirSizeOnACpuAndOnceOnCuda() throws IOException {
    ModelFolder folder =
        Variants.make(scratch.resolve("m"), List.of("", "_fp16", "_q4"), List.of("", "_fp16"));
    long bytes = folder.weightBytes(FP16);
    assertThat(DecoderFile.of(folder, true))
        .extracting(DecoderFile::memory)
        .containsExactly(bytes + bytes / 20, bytes + bytes / 20, bytes + bytes / 4);
    assertThat(DecoderFile.of(folder, false))
        .extracting(DecoderFile::memory)
        .containsExactly(bytes + bytes / 20, 2 * (bytes + bytes / 20), bytes + bytes / 4);
    String tower = Variants.VISION + "_fp16.onnx";
    assertThat(MemoryNeed.ofWeights(folder, tower, false))
        .isEqualTo(2 * MemoryNeed.ofWeights(folder, tower, true));
  }

  /** The memory that decoders of the folder need to be run, those of other names not. */
  private static long need(ModelFolder folder, String... names) {
    List<DecoderFile> files =
        DecoderFile.of(folder, false).stream()
            .filter(file -> List.of(names).contains(file.name()))
            .toList();
    long vision = MemoryNeed.ofWeights(folder, VISION, false);
    return MemoryNeed.of(folder.description(), files, vision, 1024).peak();
  }

  @Test
  void whatWasMeasuredAndDoesNotFitAnyMoreIsNotTaken() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Memory memory = new Memory(Long.MAX_VALUE - 1, need(folder, INT8));
    assertThat(memory.available()).isLessThan(need(folder, INT4));
    Map<String, Measurement> measured =
        Map.of(
            INT8, new Measurement(INT8, 64, 1, 1, 1, 0),
            INT4, new Measurement(INT4, 64, 1000, 1000, 1000, 0));
    GraphChoice choice = chooser(folder, memory).choose(measured);
    assertThat(choice.decoders()).extracting(DecoderFile::name).containsExactly(INT8);
  }

  @Test
  void aPairThatFitsIsTakenWhereTheFastestDoesNot() throws IOException {
    ModelFolder folder = folder("", "_int8", "_q4");
    Memory memory = new Memory(Long.MAX_VALUE - 1, need(folder, FP32, INT8));
    assertThat(memory.available()).isLessThan(need(folder, FP32, INT4));
    Map<String, Measurement> measured =
        Map.of(
            FP32, new Measurement(FP32, 64, 640, 1, 1, 0),
            INT8, new Measurement(INT8, 64, 1, 16, 16, 0),
            INT4, new Measurement(INT4, 64, 1, 32, 32, 0));
    GraphChoice choice = chooser(folder, memory).choose(measured);
    assertThat(choice.prefill().name()).isEqualTo(FP32);
    assertThat(choice.step().name()).isEqualTo(INT8);
    assertThat(choice.reason())
        .contains("fp32 for prompts and int8: 3.00 s", "; fp32 for prompts and int4 would be");
  }

  @Test
  void withoutMeasurementTheMostPreciseThatFitsIsTaken() throws IOException {
    ModelFolder folder = folder("", "_fp16");
    assertThat(folder.description().precision()).isEqualTo("fp32");
    assertThat(need(folder, FP32)).isLessThan(need(folder, FP16));
    assertThat(chooser(folder, new Memory(1000, 10)).withoutMeasurement().step().name())
        .isEqualTo(FP32);
    ModelFolder other =
        Variants.make(scratch.resolve("other"), List.of("_fp16", "_int8"), List.of(""));
    Memory memory = new Memory(Long.MAX_VALUE - 1, need(other, INT8));
    assertThat(chooser(other, memory).withoutMeasurement().step().name()).isEqualTo(INT8);
    assertThat(chooser(other, Memory.UNKNOWN).withoutMeasurement().step().name()).isEqualTo(FP16);
  }

  @Test
  void whatDoesNotFitAloneIsNotMeasuredAndTheSmallestIsTaken() throws IOException {
    GraphChooser chooser = chooser(folder("", "_q4"), new Memory(1000, 10));
    assertThat(chooser.open()).isEmpty();
    assertThat(chooser.choose(Map.of()).reason()).isEqualTo("no other fits the memory");
  }

  @Test
  void graphsWhoseCachesDifferAreNotMixed() throws IOException {
    Map<String, Measurement> measured =
        Map.of(
            FP16,
            new Measurement(FP16, 64, 1000, 1, 1, 0),
            FP32,
            new Measurement(FP32, 64, 1, 1000, 1000, 0));
    GraphChoice choice = chooser(folder("", "_fp16"), Memory.UNKNOWN).choose(measured);
    assertThat(choice.prefill()).isEqualTo(choice.step());
    assertThat(choice.step().name()).isEqualTo(FP16);
  }

  @ParameterizedTest
  @CsvSource({
    "FP32,'',''",
    "FP16,_fp16,_fp16",
    "INT8,_int8,_int8",
    "INT4,_q4,_q4",
    "INT8_AND_INT4,_int8,_q4"
  })
  void theConfigurationCanForceAVariant(DecoderVariant variant, String prefill, String step)
      throws IOException {
    ModelFolder folder = folder("", "_fp16", "_int8", "_q4");
    GraphChooser chooser = new GraphChooser(folder, asks(variant), false, Memory.UNKNOWN);
    assertThat(chooser.open()).isEmpty();
    GraphChoice choice = chooser.choose(Map.of());
    assertThat(choice.prefill().name()).isEqualTo(Variants.DECODER + prefill + ".onnx");
    assertThat(choice.step().name()).isEqualTo(Variants.DECODER + step + ".onnx");
    assertThat(choice.reason()).isEqualTo("decoderVariant is " + Spelling.of(variant));
  }

  @Test
  void aForcedVariantThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    ModelFolder folder = folder("_int8");
    assertThatThrownBy(
            () ->
                new GraphChooser(folder, asks(DecoderVariant.INT8_AND_INT4), false, Memory.UNKNOWN)
                    .choose(Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder.path()
                + ": has no decoder in int4, which decoderVariant asks for; it has int8. Set"
                + " decoderVariant=auto in conf/org.llavamed.model.cfg, or import the checkpoint in"
                + " that precision.");
  }

  @Test
  void onCudaGraphsIn16BitsGoFirstAndNothingIsMeasured() throws IOException {
    ModelFolder folder =
        Variants.make(
            scratch.resolve("m"), List.of("", "_fp16", "_int8", "_q4"), List.of("", "_fp16"));
    GraphChooser chooser =
        new GraphChooser(folder, asks(DecoderVariant.AUTO), true, Memory.UNKNOWN);
    assertThat(chooser.open()).isEmpty();
    GraphChoice choice = chooser.choose(Map.of());
    assertThat(choice.decoders()).extracting(DecoderFile::name).containsExactly(FP16);
    assertThat(choice.vision()).contains(Variants.VISION + "_fp16.onnx");
  }

  @Test
  void theFastestTowerIsTaken() throws IOException {
    ModelFolder folder = Variants.make(scratch.resolve("m"), List.of(""), List.of("", "_int8"));
    String reduced = Variants.VISION + "_int8.onnx";
    GraphChooser chooser = chooser(folder, Memory.UNKNOWN);
    assertThat(chooser.open()).containsExactly(VISION, reduced);
    assertThat(
            chooser
                .choose(
                    Map.of(
                        VISION, new Measurement(VISION, 0, 0, 0, 0, 3),
                        reduced, new Measurement(reduced, 0, 0, 0, 0, 2)))
                .vision())
        .contains(reduced);
  }

  @Test
  void withoutMeasurementTheChoiceIsTheSameOnEveryMachine() throws IOException {
    GraphChoice choice = chooser(folder("", "_int8", "_q4"), Memory.UNKNOWN).withoutMeasurement();
    assertThat(choice.prefill().name()).isEqualTo(INT8);
    assertThat(choice.step().name()).isEqualTo(INT4);
  }

  /** Counts what it is asked for, and gives the usual numbers. */
  private static class Counter implements Measurer {
    final List<String> asked = new ArrayList<>();

    @Override
    public Measurement decoder(String graph) {
      asked.add(graph);
      return new Measurement(graph, 64, graph.equals(INT8) ? 640 : 320, 16, 40, 0);
    }

    @Override
    public Measurement vision(String graph) {
      asked.add(graph);
      return new Measurement(graph, 0, 0, 0, 0, 1);
    }
  }

  @Test
  void severalAnswersAreWrittenByTheGraphThatIsFasterForSeveral() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    GraphChooser chooser = chooser(folder, Memory.UNKNOWN);
    assertThat(chooser.withoutMeasurement().wide()).isEqualTo(5);
    Measurement prompts = new Measurement(INT8, 64, 640, 16, 60, 0);
    Measurement fast = new Measurement(INT4, 64, 320, 32, 61, 0);
    Measurement slow = new Measurement(INT4, 64, 320, 32, 59, 0);
    assertThat(chooser.choose(Map.of(INT8, prompts, INT4, slow)).wide()).isEqualTo(5);
    assertThat(chooser.choose(Map.of(INT8, prompts, INT4, fast)).wide())
        .isEqualTo(Integer.MAX_VALUE);
  }

  private static Measured.Key key(ModelFolder folder, String processor) {
    return new Measured.Key(folder.identity(), processor, List.of("avx2"), 2, 10, "1.29.0");
  }

  private static GraphPlanner planner(ModelFolder folder, String processor, Measurer measurer) {
    return new GraphPlanner(
        folder, chooser(folder, Memory.UNKNOWN), key(folder, processor), measurer, () -> false);
  }

  @Test
  void measuresOnceAndAgainOnAnotherProcessor() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Counter counter = new Counter();
    assertThat(planner(folder, "a", counter).known().reason())
        .isEqualTo("int8 for prompts and int4: nothing was measured on this machine");
    GraphChoice choice = planner(folder, "a", counter).plan();
    assertThat(counter.asked).containsExactly(INT8, INT4);
    assertThat(planner(folder, "a", counter).plan()).isEqualTo(choice);
    assertThat(planner(folder, "a", counter).known()).isEqualTo(choice);
    assertThat(counter.asked).hasSize(2);
    assertThat(folder.path().resolve(Measured.NAME)).isRegularFile();
    planner(folder, "b", counter).plan();
    assertThat(counter.asked).hasSize(4);
    assertThat(ModelFolder.open(folder.path())).as("the file is no foreign graph").isNotNull();
  }

  @Test
  void anInterruptedMeasurementKeepsWhatItHas() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Counter counter =
        new Counter() {
          @Override
          public Measurement decoder(String graph) {
            Measurement found = super.decoder(graph);
            if (asked.size() == 1) {
              Thread.currentThread().interrupt();
            }
            return found;
          }
        };
    assertThatThrownBy(() -> planner(folder, "a", counter).plan())
        .isInstanceOf(ModelException.class)
        .hasMessage(folder.path() + ": was not opened, since that was interrupted. Try again.");
    assertThat(Thread.interrupted()).isTrue();
    planner(folder, "a", counter).plan();
    assertThat(counter.asked).containsExactly(INT8, INT4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"key\":null}", "{\"graphs\":{\"a\":null}}", "[1]"})
  void damagedNotesAreMadeAnew(String text) throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Files.writeString(folder.path().resolve(Measured.NAME), text);
    Counter counter = new Counter();
    planner(folder, "a", counter).plan();
    planner(folder, "a", counter).plan();
    assertThat(counter.asked).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"chunk\" : 0",
        "\"chunk\" : -1",
        "\"prefillTokensPerSecond\" : 0",
        "\"decodeTokensPerSecond\" : \"NaN\"",
        "\"decodeTokensPerSecond\" : \"Infinity\"",
        "\"graph\" : \"onnx/another.onnx\"",
        "\"graph\" : null"
      })
  void numbersThatNoMeasurementGivesAreMadeAnew(String wrong) throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Counter counter = new Counter();
    GraphChoice choice = planner(folder, "a", counter).plan();
    Path file = folder.path().resolve(Measured.NAME);
    String key = wrong.substring(0, wrong.indexOf(':'));
    String text = Files.readString(file);
    String damaged = text.replaceFirst(key + ": [^,\\s]+", wrong);
    assertThat(damaged).isNotEqualTo(text);
    Files.writeString(file, damaged);
    assertThat(planner(folder, "a", counter).plan()).isEqualTo(choice);
    assertThat(counter.asked).hasSize(4);
  }

  @Test
  void onABusyMachineNothingIsMeasuredOrKept() throws IOException {
    ModelFolder folder = folder("_int8", "_q4");
    Counter counter = new Counter();
    GraphPlanner planner =
        new GraphPlanner(
            folder, chooser(folder, Memory.UNKNOWN), key(folder, "a"), counter, () -> true);
    GraphChoice choice = planner.plan();
    assertThat(counter.asked).isEmpty();
    assertThat(choice.decoders()).extracting(DecoderFile::name).containsExactly(INT8, INT4);
    assertThat(folder.path().resolve(Measured.NAME)).doesNotExist();
    planner(folder, "a", counter).plan();
    assertThat(planner.plan().reason()).as("what was measured before counts").startsWith("int8: ");
  }

  @Test
  void theRealMeasurementRunsEachGraphAndTheModelOpens() throws IOException {
    ModelFolder folder =
        Variants.make(scratch.resolve("m"), List.of("_int8", "_q4"), List.of("", "_int8"));
    Sessions sessions =
        new Sessions(
            TinyVqa.SETTINGS, new Backend(false, false, "the CPU: a test"), Optional.empty());
    planner(folder, "a", new GraphMeasurer(folder, sessions, System::nanoTime)).plan();
    try (VisionLanguageModel model = new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder.path())) {
      assertThat(model.card().identity()).isEqualTo(folder.identity());
    }
    Measured kept = folder.notes().read(Measured.NAME, Measured.class).get(0);
    assertThat(kept.graphs()).containsOnlyKeys(INT8, INT4, VISION, Variants.VISION + "_int8.onnx");
    kept.graphs()
        .forEach(
            (name, found) -> {
              assertThat(found.graph()).isEqualTo(name);
              if (name.startsWith(Variants.DECODER)) {
                assertThat(found.chunk()).isIn(32, 64, 128, 256);
                assertThat(found.prefillTokensPerSecond()).isPositive();
                assertThat(found.decodeTokensPerSecond()).isPositive();
              } else {
                assertThat(found.pictureSeconds()).isPositive();
              }
            });
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithBothNumbersBeforeItIsLoaded() throws IOException {
    ModelFolder folder = folder("");
    Machine small = new Machine("small", List.of(), 1, 1, new Memory(100_000_000, 50_000_000));
    Backend cpu = new Backend(false, false, "test");
    assertThatThrownBy(() -> new ModelOpener(TinyVqa.SETTINGS, small, cpu).openFastest(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "\\Q%s\\E: needs about 0\\.\\d\\d GB of memory \\(weights 0\\.02 GB, key-value cache of \\d+ positions 0\\.\\d\\d GB\\), 0\\.05 GB of 0\\.10 GB are available\\. End other programs, .*ignoreMemoryCheck=true in conf/org\\.llavamed\\.model\\.cfg\\."
                .formatted(folder.path()));
    SessionSettings anyway =
        new SessionSettings(Provider.CPU, 0, 0, DecoderVariant.AUTO, Optional.empty(), true);
    new ModelOpener(TinyVqa.SETTINGS.with(anyway), small, cpu).openFastest(folder).close();
  }
}

package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

class PrepackedCacheTest {
  private static final String DECODER = Variants.DECODER + ".onnx";
  private static final String VERSION = Onnx.environment().getVersion();
  private static final Backend CPU = new Backend(false, false, "test");

  @TempDir Path scratch;

  private PrepackedCache cache(String version) {
    return new PrepackedCache(scratch.resolve("packed"), version, List.of("avx2"), 1);
  }

  private static Sessions sessions(Optional<PrepackedCache> cache) {
    return new Sessions(TinyVqa.SETTINGS, CPU, cache);
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> places = Files.list(scratch.resolve("packed"))) {
      return places.filter(place -> !place.endsWith(".lock")).sorted().toList();
    }
  }

  private static List<Answer> answers(Sessions sessions) {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    GraphChoice choice =
        new GraphChooser(folder, TinyVqa.SETTINGS, false, Memory.UNKNOWN).choose(Map.of());
    ModelParts parts = ModelParts.open(folder, TinyVqa.SETTINGS, sessions, choice);
    try (LlavaModel model = LlavaModel.start(folder, parts, EngineSettings.DEFAULTS, closed -> {});
        var picture = model.encode(TinyVqa.rings(200, 70))) {
      return Stream.of("What organ is shown?", "Is this normal?", "Where is the mass?")
          .map(q -> picture.answer(Query.open(q, Generation.GREEDY), text -> {}))
          .toList();
    }
  }

  @Test
  void answersAreTheSameBitForBitWithAndWithoutIt() throws IOException {
    Sessions packed = sessions(Optional.of(cache(VERSION)));
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    assertThat(packed.isPrepacked(folder, DECODER)).isFalse();
    List<Answer> first = answers(packed);
    assertThat(packed.isPrepacked(folder, DECODER)).isTrue();
    assertThat(copies()).hasSize(2); // decoder and vision tower
    assertThat(first).isEqualTo(answers(sessions(Optional.empty())));
    assertThat(answers(packed)).isEqualTo(first);
    assertThat(copies()).allMatch(place -> Files.exists(place.resolve("complete.json")));
  }

  /** Makes real copies of the embedded decoder. */
  private static final class Real implements PrepackedCache.Maker {
    int made;
    float wrong;

    @Override
    public void make(Path graph, Sessions.Change change) throws OrtException {
      made++;
      try (var options = new SessionOptions()) {
        change.apply(options);
        Onnx.environment().createSession(graph.toString(), options).close();
      }
    }

    @Override
    public FloatBuffer probe(Path graph) throws OrtException {
      try (var session = Onnx.environment().createSession(graph.toString())) {
        FloatBuffer numbers = GraphProbe.run(session);
        assertThat(numbers.remaining()).isEqualTo(1472);
        if (graph.endsWith("graph.onnx")) {
          numbers.put(7, numbers.get(7) + wrong);
        }
        return numbers;
      }
    }
  }

  @Test
  void aCopyIsMadeOnceAndAgainWhereItsWeightsChanged() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Real real = new Real();
    PrepackedCache cache = cache(VERSION);
    cache.prepare(folder, DECODER, real);
    assertThat(cache.prepare(folder, DECODER, real)).isPresent();
    assertThat(real.made).isEqualTo(1);
    Path weights = copies().get(0).resolve("graph.onnx_data");
    Files.writeString(weights, "cut off");
    assertThat(cache.find(folder, DECODER)).isEmpty();
    cache.prepare(folder, DECODER, real);
    assertThat(real.made).isEqualTo(2);
    assertThat(cache.find(folder, DECODER)).isPresent();
    assertThat(copies()).hasSize(1);
  }

  @Test
  void aCopyThatGivesOtherNumbersIsNeverUsedAndNotMadeAgain() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Real real = new Real();
    real.wrong = 0.5f;
    PrepackedCache cache = cache(VERSION);
    assertThat(cache.prepare(folder, DECODER, real)).isEmpty();
    assertThat(cache.prepare(folder, DECODER, real)).isEmpty();
    assertThat(real.made).isEqualTo(1);
    try (Stream<Path> files = Files.list(copies().get(0))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("rejected");
    }
  }

  @Test
  void numbersThatAreNoneAreOtherNumbers() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Real real = new Real();
    real.wrong = Float.NaN;
    assertThat(cache(VERSION).prepare(folder, DECODER, real)).isEmpty();
  }

  @Test
  void copiesOfAnotherVersionAreDeletedAndThoseOfAnotherModelStay() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Real real = new Real();
    cache("1.0.0").prepare(folder, DECODER, real);
    Path foreign = Files.createDirectories(scratch.resolve("packed/0123456789abcdef-ort1.0.0-x"));
    assertThat(copies()).hasSize(2);
    assertThat(cache(VERSION).find(folder, DECODER)).isEmpty();
    cache(VERSION).prepare(folder, DECODER, real);
    assertThat(copies()).hasSize(2).contains(foreign);
    assertThat(cache("1.0.0").find(folder, DECODER)).isEmpty();
    assertThat(cache(VERSION).find(folder, DECODER)).isPresent();
  }

  /** Writes nothing. */
  private static final class Lazy implements PrepackedCache.Maker {
    @Override
    public void make(Path graph, Sessions.Change change) {}

    @Override
    public FloatBuffer probe(Path graph) {
      throw new AssertionError("there is nothing to run");
    }
  }

  @Test
  void aFailureLeavesNothingAndTheGraphIsLoadedAsItIs() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    assertThat(cache(VERSION).prepare(folder, DECODER, new Lazy())).isEmpty();
    assertThat(copies()).isEmpty();
    Files.writeString(scratch.resolve("file"), "");
    PrepackedCache nowhere =
        new PrepackedCache(scratch.resolve("file/below"), VERSION, List.of(), 1);
    assertThat(nowhere.prepare(folder, DECODER, new Lazy())).isEmpty();
    assertThat(answers(sessions(Optional.of(nowhere)))).hasSize(3);
  }

  /** Fails as ONNX Runtime does where the disk is full: half of the weights are written. */
  private static final class Full implements PrepackedCache.Maker {
    private final boolean saves;

    Full(boolean saves) {
      this.saves = saves;
    }

    @Override
    public void make(Path graph, Sessions.Change change) throws OrtException {
      if (!saves) {
        throw new OrtException("No space left on device");
      }
      new Real().make(graph, change);
    }

    @Override
    public FloatBuffer probe(Path graph) throws OrtException {
      throw new OrtException("Load model failed");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereOnnxRuntimeCannotWriteOrLoadTheCopyThereIsNone(boolean saves) throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    assertThat(cache(VERSION).prepare(folder, DECODER, new Full(saves))).isEmpty();
    assertThat(copies()).isEmpty();
  }

  @Test
  void whatAKilledProgramLeftIsDeletedWithTheNextCopy() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Path half = Files.createDirectories(scratch.resolve("packed/.half-77"));
    Files.writeString(half.resolve("graph.onnx_data"), "half of it");
    assertThat(cache(VERSION).prepare(folder, DECODER, new Real())).isPresent();
    assertThat(half).doesNotExist();
    assertThat(copies()).hasSize(1);
  }

  @Test
  void whileAnotherProgramMakesACopyTheGraphIsLoadedAsItIs() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Path half = Files.createDirectories(scratch.resolve("packed/.half-77"));
    Path lock = Files.createFile(scratch.resolve("packed/.lock"));
    Real real = new Real();
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      channel.lock();
      assertThat(cache(VERSION).prepare(folder, DECODER, real)).isEmpty();
      assertThat(real.made).isZero();
      assertThat(half).exists();
    }
    assertThat(cache(VERSION).prepare(folder, DECODER, real)).isPresent();
  }

  @Test
  void aCopyWhoseStampIsNullIsMadeAnew() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    Real real = new Real();
    cache(VERSION).prepare(folder, DECODER, real);
    Files.writeString(copies().get(0).resolve("complete.json"), "null");
    assertThat(cache(VERSION).find(folder, DECODER)).isEmpty();
    assertThat(cache(VERSION).prepare(folder, DECODER, real)).isPresent();
    assertThat(real.made).isEqualTo(2);
  }

  @Test
  void smallGraphsAreNotCopied() throws Exception {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    PrepackedCache usual = new PrepackedCache(scratch.resolve("packed"), VERSION, List.of());
    Real real = new Real();
    assertThat(usual.prepare(folder, DECODER, real)).isEmpty();
    assertThat(real.made).isZero();
    assertThat(scratch.resolve("packed")).doesNotExist();
  }
}

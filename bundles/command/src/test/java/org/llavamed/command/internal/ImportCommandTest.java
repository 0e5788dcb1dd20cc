package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;

/** What the options of {@code llavamed model import} ask for. */
final class ImportCommandTest {
  @TempDir Path scratch;
  private Path checkpoint = Path.of("");
  private Path base = Path.of("");
  private Path out = Path.of("");

  private final List<ImportRequest> requests = new ArrayList<>();
  private final Console console =
      new Console()
          .with(
              "model",
              () ->
                  new ImportCommand(
                      (request, progress) -> {
                        requests.add(request);
                        FakeRuntime.write(out);
                        return FakeRuntime.CARD;
                      }));

  @BeforeEach
  void folders() throws IOException {
    checkpoint = Files.createDirectory(scratch.resolve("checkpoint"));
    base = Files.createDirectory(scratch.resolve("base"));
    out = scratch.resolve("m");
  }

  private int run(String options) {
    String[] arguments =
        Stream.concat(
                Stream.of("model", "import", "--out", out.toString()),
                Stream.of(options.split(" ")).filter(option -> !option.isEmpty()))
            .map(option -> option.replace("CHECKPOINT", checkpoint.toString()))
            .map(option -> option.replace("BASE", base.toString()))
            .toArray(String[]::new);
    return console.run(arguments);
  }

  @Test
  void aCheckpointAloneIsImportedInFullPrecision() {
    assertThat(run("CHECKPOINT")).isZero();
    assertThat(requests).containsExactly(ImportRequest.of(checkpoint, out, Precisions.FP32));
  }

  @Test
  void everyOptionReachesTheImporter() {
    int code =
        run(
            "--delta CHECKPOINT --base BASE --vision-tower BASE --template vicuna_v1 --any-quality"
                + " --vision int8 --decoder int4 --prefill none --lm-head int4 --block 128");
    assertThat(code).isZero();
    assertThat(requests)
        .containsExactly(
            new ImportRequest(
                checkpoint,
                Optional.of(base),
                Optional.of(base),
                out,
                Optional.of("vicuna_v1"),
                new Precisions(
                    Precision.INT8, Precision.INT4, Optional.empty(), Precision.INT4, 128),
                true));
  }

  @ParameterizedTest
  @CsvSource({
    "--precision fp16, FP16 FP16 - INT8 32",
    "--precision int8, FP32 INT8 - INT8 32",
    "--precision int4, FP32 INT4 INT8 INT8 32",
    "--precision INT4 --block 64, FP32 INT4 INT8 INT8 64",
    "--precision fp16 --decoder fp32, FP16 FP32 - INT8 32",
    "--decoder int4, FP32 INT4 INT8 INT8 32",
    "--decoder int8 --prefill int4 --lm-head int4, FP32 INT8 INT4 INT4 32",
    "--decoder int4 --prefill FP32, FP32 INT4 FP32 INT8 32"
  })
  void partsFollowThePrecisionOfAllUnlessTheyHaveTheirOwn(String options, String expected) {
    assertThat(run("CHECKPOINT " + options)).isZero();
    Precisions found = requests.get(0).precisions();
    String prefill = found.prefill().map(Precision::name).orElse("-");
    assertThat(
            "%s %s %s %s %d"
                .formatted(found.vision(), found.decoder(), prefill, found.lmHead(), found.block()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | CHECKPOINT is missing; name a checkpoint's folder, or --delta and --base",
        "CHECKPOINT --delta CHECKPOINT --base BASE | CHECKPOINT and --delta are both given; name one of them",
        "--delta CHECKPOINT | --delta is given without --base; name both or none",
        "CHECKPOINT --base BASE | --base is given without --delta; name both or none",
        "CHECKPOINT/no | CHECKPOINT/no: no such folder",
        "--delta CHECKPOINT --base BASE/no | BASE/no: no such folder",
        "CHECKPOINT --vision-tower BASE/no | BASE/no: no such folder",
        "CHECKPOINT --vision int4 | --vision is int4, expected fp32, fp16 or int8",
        "CHECKPOINT --prefill q4 | --prefill is 'q4', expected fp32, int8, int4 or none",
        "CHECKPOINT --prefill fp32 | --prefill is fp32 as the decoder is, expected another precision, or none",
        "CHECKPOINT --decoder int4 --prefill fp16 | --prefill is fp16 beside a decoder of int4, expected none, as fp16 shares no KV cache with others",
        "CHECKPOINT --decoder fp16 --prefill int8 | --prefill is int8 beside a decoder of fp16, expected none, as fp16 shares no KV cache with others",
        "CHECKPOINT --lm-head int8 | --lm-head is only for int4 decoders, expected none beside --decoder fp32",
        "CHECKPOINT --decoder int8 --block 64 | --block is only for int4 decoders, expected none beside --decoder int8",
        "CHECKPOINT --decoder int4 --lm-head fp32 | --lm-head is fp32, expected int8 or int4",
        "CHECKPOINT --decoder int4 --block 16 | --block is 16, expected 32, 64 or 128"
      })
  void optionsThatDoNotFitTogetherAreAUsageError(String options, String message) {
    assertThat(run(options)).isEqualTo(2);
    String expected =
        message.startsWith("CHECKPOINT/") || message.startsWith("BASE/")
            ? message.replace("CHECKPOINT/", checkpoint + "/").replace("BASE/", base + "/")
            : message;
    assertThat(console.err())
        .isEqualTo("llavamed: %s.\nTry 'llavamed model import --help'.\n".formatted(expected));
    assertThat(requests).isEmpty();
  }
}

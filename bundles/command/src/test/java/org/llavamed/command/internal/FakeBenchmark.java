package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import org.llavamed.inference.ModelBenchmark.Figure;
import org.llavamed.inference.ModelBenchmark.Host;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.inference.ModelBenchmark.Report;
import org.llavamed.inference.Progress;

/** Measures nothing, quickly. */
final class FakeBenchmark {
  private FakeBenchmark() {}

  static Report measure(Path folder, Plan plan, Progress progress) {
    progress.at("measuring", 1, 2);
    return new Report(
        FakeRuntime.CARD,
        "a.onnx",
        "b.onnx",
        new Host("x86 of " + folder, List.of("avx"), 2, 2, false, 64, "1", "vm"),
        List.of(
            new Figure("prefill of 640", "tokens/s", 50, 40, 60),
            new Figure("decode at 1024", "tokens/s", 15, 10 * plan.repeats(), 20)));
  }
}

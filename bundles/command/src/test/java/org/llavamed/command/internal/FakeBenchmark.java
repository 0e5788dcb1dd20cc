package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import org.llavamed.inference.ModelBenchmark;
import org.llavamed.inference.Progress;

/** Measures nothing, quickly; models whose folder is called tower have a tower. */
record FakeBenchmark(List<Plan> plans) implements ModelBenchmark {
  @Override
  public Report measure(Path folder, Plan plan, Progress progress) {
    plans.add(plan);
    progress.at("measuring", 1, 2);
    return new Report(
        FakeRuntime.CARD,
        "a.onnx",
        "b.onnx",
        new Host("x86 of " + folder, List.of("avx"), 2, 2, 10, 64, "1", "vm"),
        folder.endsWith("tower")
            ? List.of(new Figure("vision of a picture", "s", 0.5, 0.4, 0.6))
            : List.of(
                new Figure("prefill of 640", "tokens/s", 50, 40, 60),
                new Figure("decode at 1024", "tokens/s", 15, 10, 20),
                new Figure("20 questions of one prefix of 640", "s", 4, 3, 5)));
  }
}

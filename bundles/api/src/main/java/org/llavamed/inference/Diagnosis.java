package org.llavamed.inference;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine has, what a model needs, and whether the two go together.
 *
 * @param machine what the process runs on
 * @param engine what runs the graphs
 * @param model what was found in the model folder; absent where it is none that can be read
 * @param problems what prevents the model from running, one sentence each with found, expected and
 *     what to do; empty where it runs
 * @param remarks what does not prevent it, but may surprise
 */
public record Diagnosis(
    Machine machine,
    Engine engine,
    Optional<Model> model,
    List<String> problems,
    List<String> remarks) {
  public Diagnosis {
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
  }

  /** Returns whether the model runs. */
  public boolean healthy() {
    return problems.isEmpty();
  }

  /**
   * What the process runs on. Numbers of bytes are -1 where the system does not tell.
   *
   * @param processor model name, else the architecture
   * @param features of the processor that decide the speed, as the operating system calls them;
   *     empty where it does not tell
   * @param processors that the process may use
   * @param cores that the process may use
   * @param totalBytes memory of the machine, or of the container
   * @param availableBytes memory that is free or can be freed at once
   * @param heapBytes most memory of the Java heap
   * @param bufferBytes most memory of buffers outside of the Java heap, which the key-value cache
   *     is made of
   * @param java name and version of the Java virtual machine
   */
  public record Machine(
      String processor,
      List<String> features,
      int processors,
      int cores,
      long totalBytes,
      long availableBytes,
      long heapBytes,
      long bufferBytes,
      String java) {
    public Machine {
      features = List.copyOf(features);
    }
  }

  /**
   * What runs the graphs.
   *
   * @param name of the library
   * @param version of the library
   * @param providers that are built in, whether they can be used or not
   * @param used what graphs run on, and why
   * @param threads that run graphs
   * @param spinMicroseconds for which they wait actively for work before they sleep
   */
  public record Engine(
      String name,
      String version,
      List<String> providers,
      String used,
      int threads,
      int spinMicroseconds) {
    public Engine {
      providers = List.copyOf(providers);
    }
  }

  /**
   * A model folder, every file of which has been hashed.
   *
   * @param card what the model is
   * @param files number of files
   * @param fileBytes their bytes
   * @param need what it takes to run
   * @param graphs the files that are run, by what they are for: vision, prefill, decode
   * @param reason why these
   * @param measurements what each variant was found to do on this machine; empty where there is no
   *     choice
   * @param selfCheck what the importer found when it compared the model with its checkpoint, by
   *     name; empty where it is not recorded
   */
  public record Model(
      ModelCard card,
      int files,
      long fileBytes,
      Need need,
      Map<String, String> graphs,
      String reason,
      List<Measurement> measurements,
      Map<String, String> selfCheck) {
    public Model {
      graphs = Map.copyOf(graphs);
      measurements = List.copyOf(measurements);
      selfCheck = Map.copyOf(selfCheck);
    }
  }

  /**
   * The memory that a model takes, in bytes, estimated before it is loaded.
   *
   * @param weights of all graphs that are run, as they lie in memory
   * @param cachePerThousandTokens key-value cache of 1,000 positions
   * @param positions that the key-value cache has room for
   * @param peak all together, working memory included
   * @param fits whether the machine has that
   */
  public record Need(
      long weights, long cachePerThousandTokens, int positions, long peak, boolean fits) {}

  /**
   * What one graph does on this machine.
   *
   * @param graph the file
   * @param chunk positions a run with which prompts were read fastest; 0 where not measured
   * @param prefillTokensPerSecond positions a second, many at a time; 0 where not measured
   * @param decodeTokensPerSecond positions a second, one at a time; 0 where not measured
   * @param togetherTokensPerSecond positions a second of several sequences that go on together; 0
   *     where not measured
   * @param pictureSeconds seconds a picture; 0 where not measured
   */
  public record Measurement(
      String graph,
      int chunk,
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      double togetherTokensPerSecond,
      double pictureSeconds) {}
}

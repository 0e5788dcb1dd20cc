package org.llavamed.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.llavamed.data.LeftOut.Reason;
import org.llavamed.inference.Progress;

/**
 * All samples that a model is trained with, from one or several files, numbered from 0 through all
 * of them. Samples without a readable picture, or whose picture and first answer do not fit the
 * most length, are left out and told. Texts are read from the files when they are asked for; kept
 * are 25 bytes a sample. Safe for use by several threads. The one who opens it closes it.
 */
public final class TrainingData implements AutoCloseable {
  private final List<Part> parts = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final SampleTokeniser tokeniser;
  private int size;

  /**
   * A file of samples.
   *
   * @param file LLaVA JSON or JSON lines
   * @param pictures the folder of its pictures
   * @param weight as of {@link BatchPlan.Source}
   */
  public record Source(Path file, PictureFolder pictures, double weight) {}

  /**
   * A sample and all that is known of it.
   *
   * @param sample as in the file
   * @param tokens as the model reads it
   * @param picture the file of its picture
   */
  public record Item(Sample sample, TokenisedSample tokens, Optional<Path> picture) {}

  /** The used samples of a file. */
  private static final class Part {
    private final Source source;
    private final SampleFile file;
    private final int[] records;
    private final int[] lengths;
    private final boolean[] pictured;
    private int size;

    Part(Source source, SampleFile file) {
      this.source = source;
      this.file = file;
      this.records = new int[file.size()];
      this.lengths = new int[file.size()];
      this.pictured = new boolean[file.size()];
    }

    void add(int record, TokenisedSample tokens) {
      records[size] = record;
      lengths[size] = tokens.length();
      pictured[size++] = tokens.pictures() > 0;
    }

    BatchPlan.Source lengths() {
      return new BatchPlan.Source(
          Arrays.stream(lengths, 0, size).boxed().toList(),
          IntStream.range(0, size).mapToObj(i -> pictured[i]).toList(),
          source.weight());
    }
  }

  private TrainingData(SampleTokeniser tokeniser) {
    this.tokeniser = tokeniser;
  }

  /**
   * Opens files, reads every picture and tokenises every sample once.
   *
   * @param sources at least one
   * @throws DataException if a file cannot be read, a sample in it is wrong, or none is left
   */
  public static TrainingData open(
      List<Source> sources, SampleTokeniser tokeniser, PictureCheck check, Progress progress) {
    var data = new TrainingData(tokeniser);
    try {
      for (Source source : sources) {
        data.add(source, check, progress);
      }
      if (data.size == 0) {
        throw DataException.invalid(
            sources.stream().map(source -> source.file().toString()).toList(),
            "no sample is left to train with: "
                + LeftOut.summary(data.leftOut, data.leftOut.size()),
            "Check the files and the folders of their pictures");
      }
      return data;
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private void add(Source source, PictureCheck check, Progress progress) {
    SampleFile file = SampleFile.open(source.file());
    Part part = new Part(source, file);
    parts.add(part);
    Map<String, String> broken =
        check.broken(
            source.pictures(), file.stream().flatMap(s -> s.image().stream()).toList(), progress);
    for (int record = 0; record < file.size(); record++) {
      Sample sample = file.get(record);
      Optional<String> without = sample.image().filter(broken::containsKey);
      if (without.isPresent()) {
        String why = without.get() + ": " + broken.get(without.get());
        leftOut.add(new LeftOut(source.file(), record + 1, sample.id(), Reason.PICTURE, why));
      } else {
        add(part, record, sample);
      }
      progress.at("reading samples", record + 1, file.size());
    }
    size += part.size;
  }

  private void add(Part part, int record, Sample sample) {
    Optional<TokenisedSample> tokens;
    try {
      tokens = tokeniser.tokenise(sample);
    } catch (DataException e) {
      throw e.in("%s: record %d".formatted(part.file.file(), record + 1));
    }
    if (tokens.isPresent()) {
      part.add(record, tokens.get());
    } else {
      leftOut.add(new LeftOut(part.file.file(), record + 1, sample.id(), Reason.LENGTH, ""));
    }
  }

  /** Returns the number of samples that are used. */
  public int size() {
    return size;
  }

  /** Returns the samples that are not used, in the order of the files. */
  public List<LeftOut> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Returns the plan of an epoch. */
  public BatchPlan plan(BatchPlan.Shape shape, long seed, long epoch) {
    return BatchPlan.of(parts.stream().map(Part::lengths).toList(), shape, seed, epoch);
  }

  /**
   * Reads a sample.
   *
   * @param index from 0, below {@link #size()}
   * @throws DataException if its file cannot be read any more
   */
  public Item get(int index) {
    int at = index;
    for (Part part : parts) {
      if (at < part.size) {
        Sample sample = part.file.get(part.records[at]);
        return new Item(
            sample,
            tokeniser.tokenise(sample).orElseThrow(),
            sample.image().map(part.source.pictures()::file));
      }
      at -= part.size;
    }
    throw new IndexOutOfBoundsException(
        "Sample %d was asked for, there are %d".formatted(index, size));
  }

  @Override
  public void close() {
    parts.forEach(part -> part.file.close());
  }
}

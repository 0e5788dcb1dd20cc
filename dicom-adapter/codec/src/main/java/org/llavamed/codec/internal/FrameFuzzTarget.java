package org.llavamed.codec.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.llavamed.codec.internal.TransferSyntax.Coding;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleType;

/**
 * Compressed frames. The first byte of an input chooses what the object says of the frame, of those
 * that the sound frames have; the others are the frame.
 */
final class FrameFuzzTarget implements FuzzTarget {
  private static final String FOLDER = "fuzz/";

  private final String name;
  private final List<Sound> frames;
  private final List<byte[]> words;

  private record Sound(String file, Coding coding, PixelDescription description) {
    byte[] bytes() {
      try (InputStream in = open(file)) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    FrameLayout layout() {
      boolean wide = description.bitsAllocated() == Short.SIZE;
      SampleType type =
          description.signed()
              ? wide ? SampleType.INT16 : SampleType.INT8
              : wide ? SampleType.UINT16 : SampleType.UINT8;
      return new FrameLayout("input", description, type, 0);
    }
  }

  private FrameFuzzTarget(String name, Set<Coding> codings, List<byte[]> words) {
    this.name = name;
    this.frames = table().stream().filter(sound -> codings.contains(sound.coding())).toList();
    this.words = words;
  }

  /** Returns a target for each family of compressed frames. */
  static List<FuzzTarget> all() {
    List<byte[]> markers = new ArrayList<>();
    for (int marker :
        new int[] {0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xDD, 0xF7, 0xF8}) {
      markers.add(new byte[] {(byte) 0xFF, (byte) marker});
    }
    List<byte[]> wavelet = new ArrayList<>();
    for (int marker :
        new int[] {0x4F, 0x51, 0x52, 0x53, 0x5C, 0x5D, 0x58, 0x90, 0x91, 0x93, 0xD9}) {
      wavelet.add(new byte[] {(byte) 0xFF, (byte) marker});
    }
    return List.of(
        new FrameFuzzTarget("jpeg", Set.of(Coding.JPEG_DCT), markers),
        new FrameFuzzTarget("jpeg-lossless", Set.of(Coding.JPEG_LOSSLESS), markers),
        new FrameFuzzTarget("jpeg-ls", Set.of(Coding.JPEG_LS), markers),
        new FrameFuzzTarget("jpeg-2000", Set.of(Coding.JPEG_2000), wavelet),
        new FrameFuzzTarget("rle", Set.of(Coding.RLE, Coding.DEFLATED_FRAMES), List.of()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      byte[] frame = frames.get(i).bytes();
      seeds.add(ByteBuffer.allocate(1 + frame.length).put((byte) i).put(frame).array());
    }
    return seeds;
  }

  @Override
  public List<byte[]> words() {
    return words;
  }

  @Override
  public String take(byte[] input) {
    if (input.length == 0) {
      return "an input without a byte";
    }
    Sound sound = frames.get((input[0] & 0xFF) % frames.size());
    try {
      PixelFrameDecoder.compressed(
          sound.layout(), sound.coding(), ByteBuffer.wrap(input, 1, input.length - 1).slice());
      return "";
    } catch (ImagingException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<Sound> table() {
    List<Sound> frames = new ArrayList<>();
    try (var lines =
        new BufferedReader(new InputStreamReader(open("frames.tsv"), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        frames.add(sound(line.split("\t", -1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames;
  }

  private static Sound sound(String[] cells) {
    int stored = Integer.parseInt(cells[7]);
    return new Sound(
        cells[0],
        TransferSyntax.of(cells[1]).coding().orElseThrow(),
        new PixelDescription(
            Integer.parseInt(cells[2]),
            Integer.parseInt(cells[3]),
            1,
            Integer.parseInt(cells[4]),
            cells[5],
            Integer.parseInt(cells[6]),
            stored,
            stored - 1,
            cells[8].equals("1"),
            false));
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(FrameFuzzTarget.class.getResourceAsStream(FOLDER + file), file);
  }
}

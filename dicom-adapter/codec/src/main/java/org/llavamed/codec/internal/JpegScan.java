package org.llavamed.codec.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one Huffman-coded scan into the coefficients of its components: sequential (T.81 F.2), or
 * a step of a progression (T.81 G.2).
 */
final class JpegScan {
  /** Natural order of the coefficients in zigzag order (T.81 figure A.6). */
  static final int[] NATURAL = zigzag();

  /**
   * A component and the tables that the scan names for it.
   *
   * @param dc table of DC differences, null where none was defined
   * @param ac table of AC coefficients, null where none was defined
   */
  record Part(
      JpegComponent component, @Nullable JpegHuffmanTable dc, @Nullable JpegHuffmanTable ac) {}

  /**
   * What a scan header says (T.81 B.2.3).
   *
   * @param progressive whether the frame is progressive
   * @param first first coefficient, in zigzag order
   * @param last last coefficient
   * @param high bit position of the scan that this one refines; 0 for a first scan
   * @param low bit position of this scan
   * @param restartInterval coded units between restart markers; 0 for none
   */
  record Header(boolean progressive, int first, int last, int high, int low, int restartInterval) {}

  private static final int LONGEST_RUN = 15;
  private static final int RESTARTS = 8;

  private final FrameLayout layout;
  private final JpegBits bits;
  private final List<Part> parts;
  private final Header header;
  private int endOfBandRun;

  JpegScan(FrameLayout layout, JpegBits bits, List<Part> parts, Header header) {
    this.layout = layout;
    this.bits = bits;
    this.parts = parts;
    this.header = header;
  }

  /** Decodes the scan. */
  void decode() {
    JpegComponent first = parts.get(0).component();
    boolean single = parts.size() == 1;
    int across =
        single
            ? JpegComponent.ceil(first.width, JpegComponent.SIDE)
            : first.blocksAcross / first.horizontal;
    int down =
        single
            ? JpegComponent.ceil(first.height, JpegComponent.SIDE)
            : first.blocksDown / first.vertical;
    reset();
    for (int unit = 0; unit < across * down; unit++) {
      if (unit > 0 && header.restartInterval() > 0 && unit % header.restartInterval() == 0) {
        restart(unit / header.restartInterval() - 1);
      }
      if (single) {
        block(parts.get(0), unit / across, unit % across);
      } else {
        unit(unit / across, unit % across);
      }
      if (bits.exhausted()) {
        throw layout.damaged(
            "The JPEG data ends in coded unit %d, expected %d".formatted(unit, across * down));
      }
    }
  }

  private void unit(int row, int column) {
    for (Part part : parts) {
      JpegComponent c = part.component();
      for (int y = 0; y < c.vertical; y++) {
        for (int x = 0; x < c.horizontal; x++) {
          block(part, row * c.vertical + y, column * c.horizontal + x);
        }
      }
    }
  }

  private void restart(int number) {
    if (!bits.restart(number % RESTARTS)) {
      throw layout.damaged(
          "The JPEG data has no restart marker RST%d at byte %d"
              .formatted(number % RESTARTS, bits.position()));
    }
    reset();
  }

  private void reset() {
    endOfBandRun = 0;
    for (Part part : parts) {
      part.component().predictor = 0;
    }
  }

  private void block(Part part, int row, int column) {
    JpegComponent c = part.component();
    int offset = c.offset(row, column);
    if (!header.progressive()) {
      dc(part, offset);
      ac(part.ac(), c.coefficients, offset, 1, JpegComponent.BLOCK - 1);
    } else if (header.first() == 0) {
      if (header.high() == 0) {
        dc(part, offset);
      } else if (bits.bits(1) == 1) {
        c.coefficients[offset] |= (short) (1 << header.low());
      }
    } else if (header.high() == 0) {
      ac(part.ac(), c.coefficients, offset, header.first(), header.last());
    } else {
      refine(part.ac(), c.coefficients, offset);
    }
  }

  private void dc(Part part, int offset) {
    JpegComponent c = part.component();
    c.predictor += bits.signed(length(symbol(part.dc())));
    c.coefficients[offset] = (short) (c.predictor << header.low());
  }

  private void ac(
      @Nullable JpegHuffmanTable table, short[] block, int offset, int first, int last) {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    int k = first;
    while (k <= last) {
      int symbol = symbol(table);
      int run = symbol >> 4;
      int length = symbol & 15;
      if (length > 0) {
        k += run;
        if (k > last) {
          throw layout.damaged("A run of the JPEG data ends behind its block");
        }
        block[offset + NATURAL[k]] = (short) (bits.signed(length) << header.low());
        k++;
      } else if (run == LONGEST_RUN) {
        k += run + 1;
      } else {
        endOfBandRun = (1 << run) - 1 + bits.bits(run);
        return;
      }
    }
  }

  private void refine(@Nullable JpegHuffmanTable table, short[] block, int offset) {
    int k = header.first();
    if (endOfBandRun == 0) {
      while (k <= header.last()) {
        int symbol = symbol(table);
        int run = symbol >> 4;
        int value = 0;
        if ((symbol & 15) > 0) {
          value = bits.bits(1) == 1 ? 1 << header.low() : -1 << header.low();
        } else if (run < LONGEST_RUN) {
          endOfBandRun = (1 << run) + bits.bits(run);
          break;
        }
        k = refine(block, offset, k, run);
        if (value != 0 && k <= header.last()) {
          block[offset + NATURAL[k]] = (short) value;
        }
        k++;
      }
    }
    if (endOfBandRun > 0) {
      refine(block, offset, k, JpegComponent.BLOCK);
      endOfBandRun--;
    }
  }

  /**
   * Corrects the coefficients that are not zero, up to the one behind {@code zeros} zeros.
   *
   * @return position of that one
   */
  private int refine(short[] block, int offset, int from, int zeros) {
    int k = from;
    int left = zeros;
    int step = 1 << header.low();
    for (; k <= header.last(); k++) {
      int i = offset + NATURAL[k];
      if (block[i] == 0) {
        if (left == 0) {
          return k;
        }
        left--;
      } else if (bits.bits(1) == 1 && (Math.abs(block[i]) & step) == 0) {
        block[i] += (short) (block[i] > 0 ? step : -step);
      }
    }
    return k;
  }

  private int length(int symbol) {
    if (symbol > JpegHuffmanTable.LONGEST - 1) {
      throw layout.damaged("The JPEG data has a DC difference of %d bits".formatted(symbol));
    }
    return symbol;
  }

  private int symbol(@Nullable JpegHuffmanTable table) {
    if (table == null) {
      throw layout.damaged("The JPEG data names a Huffman table that it does not define");
    }
    int symbol = bits.symbol(table);
    if (symbol < 0) {
      throw layout.damaged(
          "The JPEG data has a code near byte %d that is not in its Huffman table"
              .formatted(bits.position()));
    }
    return symbol;
  }

  private static int[] zigzag() {
    int[] natural = new int[JpegComponent.BLOCK];
    int k = 0;
    for (int sum = 0; sum < 2 * JpegComponent.SIDE - 1; sum++) {
      for (int i = 0; i <= sum; i++) {
        int row = sum % 2 == 0 ? sum - i : i;
        int column = sum - row;
        if (row < JpegComponent.SIDE && column < JpegComponent.SIDE) {
          natural[k++] = row * JpegComponent.SIDE + column;
        }
      }
    }
    return natural;
  }
}

package org.llavamed.dicom.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.imaging.ImagingException;

class InflationTest {
  private static final int PIECE = 1 << 16;

  private static byte[] inflated(byte[] deflated) throws IOException {
    ByteSource source = new MemorySource(ByteBuffer.wrap(deflated));
    ByteSource result = Inflation.inflate("x", source, 0, 1 << 20);
    byte[] bytes = new byte[Math.toIntExact(result.size())];
    result.slice(0, bytes.length).get(bytes);
    return bytes;
  }

  /** Deflates as zlib does with Z_SYNC_FLUSH before Z_FINISH: what ends it gives no output. */
  private static byte[] flushed(byte[] bytes) {
    return ByteBuffer.allocate(bytes.length + 12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0) // a stored block (RFC 1951, 3.2.4)
        .putShort((short) bytes.length)
        .putShort((short) ~bytes.length)
        .put(bytes)
        .put(HexFormat.of().parseHex("000000ffff" + "0300")) // an empty one, and the last one
        .array();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void anEndMarkInAPieceOfItsOwnIsTheEnd(int beyond) throws IOException {
    byte[] bytes = new byte[PIECE + beyond - 12];
    new Random(7).nextBytes(bytes);
    byte[] deflated = flushed(bytes);
    assertThat(deflated).hasSize(PIECE + beyond);
    assertThat(inflated(deflated)).isEqualTo(bytes);
  }

  @Test
  void nothingMayBeDeflated() throws IOException {
    assertThat(inflated(new byte[] {3, 0})).isEmpty();
  }

  @Test
  void aStreamWithoutItsEndMarkIsNamed() throws IOException {
    byte[] deflated = flushed(new byte[100]);
    assertThatThrownBy(() -> inflated(Arrays.copyOf(deflated, 110)))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("the deflated data set ends after 110 bytes without its end mark");
  }
}

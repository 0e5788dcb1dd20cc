package org.llavamed.codec.internal;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReadParamJava;
import java.awt.Point;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import jj2000.j2k.codestream.HeaderInfo;
import jj2000.j2k.codestream.reader.BitstreamReaderAgent;
import jj2000.j2k.codestream.reader.HeaderDecoder;
import jj2000.j2k.decoder.DecoderSpecs;
import jj2000.j2k.entropy.decoder.EntropyDecoder;
import jj2000.j2k.image.BlkImgDataSrc;
import jj2000.j2k.image.DataBlkInt;
import jj2000.j2k.image.ImgDataConverter;
import jj2000.j2k.image.invcomptransf.InvCompTransf;
import jj2000.j2k.quantization.dequantizer.Dequantizer;
import jj2000.j2k.roi.ROIDeScaler;
import jj2000.j2k.util.FacilityManager;
import jj2000.j2k.util.ISRandomAccessIO;
import jj2000.j2k.wavelet.synthesis.InverseWT;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * JPEG 2000 (ITU-T T.800), by the decoding chain of JJ2000: entropy decoder, dequantizer, wavelet
 * and component transform. No colour model is applied: values stay as they were given to the
 * encoder, and their sign is Pixel Representation's, whatever the codestream says (PS3.5 8.2.4).
 */
final class J2kFrames {
  /** Rows that are taken from a tile at once. */
  private static final int STRIPE = 64;

  private final FrameLayout layout;
  private final J2kCodestream stream;
  private final J2kWarnings warnings = new J2kWarnings();
  private final byte[] values;

  private J2kFrames(FrameLayout layout, J2kCodestream stream) {
    this.layout = layout;
    this.stream = stream;
    this.values = new byte[layout.bytes()];
  }

  /**
   * Decodes a frame.
   *
   * @throws ImagingException if the stream is damaged, ends early, contradicts the object or asks
   *     for more memory than the JVM has
   */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    J2kFrames frames = new J2kFrames(layout, J2kCodestream.of(layout, frame));
    frames.decode();
    return StoredValues.of(layout, ByteBuffer.wrap(frames.values), frames.stream.precision());
  }

  /** JJ2000 shows damage by runtime exceptions of any kind, plain Errors, and messages. */
  private void decode() {
    Thread thread = Thread.currentThread();
    FacilityManager.registerMsgLogger(thread, warnings);
    try {
      copy(chain(stream.bytes()));
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    } catch (Error e) {
      if (e instanceof VirtualMachineError || e instanceof LinkageError) {
        throw e;
      }
      throw damaged(e);
    } finally {
      FacilityManager.unregisterMsgLogger(thread);
    }
    if (!warnings.first().isEmpty()) {
      throw layout.damaged("The JPEG 2000 data is damaged (%s)".formatted(warnings.first()));
    }
  }

  private ImagingException damaged(Throwable e) {
    String reason =
        e.getMessage() == null || e instanceof IndexOutOfBoundsException
            ? e.getClass().getSimpleName()
            : e.getMessage();
    return ImagingException.damaged(
        layout.where(),
        "The JPEG 2000 data is damaged (%s)".formatted(reason),
        FrameLayout.EXPORT_AGAIN,
        e);
  }

  private BlkImgDataSrc chain(byte[] bytes) throws IOException {
    J2KImageReadParamJava parameters = new J2KImageReadParamJava();
    parameters.setNoROIDescaling(false);
    ISRandomAccessIO in =
        new ISRandomAccessIO(new ByteArrayInputStream(bytes), bytes.length, 1, bytes.length);
    HeaderInfo info = new HeaderInfo();
    HeaderDecoder header = new HeaderDecoder(in, parameters, info);
    DecoderSpecs specs = header.getDecoderSpecs();
    int[] depths = IntStream.range(0, components()).map(header::getOriginalBitDepth).toArray();
    BitstreamReaderAgent reader =
        BitstreamReaderAgent.createInstance(in, header, parameters, specs, false, info);
    EntropyDecoder entropy = header.createEntropyDecoder(reader, parameters);
    ROIDeScaler regions = header.createROIDeScaler(entropy, parameters, specs);
    Dequantizer dequantizer = header.createDequantizer(regions, depths, specs);
    InverseWT wavelet = InverseWT.createInstance(dequantizer, specs);
    wavelet.setImgResLevel(reader.getImgRes());
    return new InvCompTransf(new ImgDataConverter(wavelet, 0), specs, depths);
  }

  private int components() {
    return stream.components().size();
  }

  private void copy(BlkImgDataSrc source) {
    Point tiles = source.getNumTiles(null);
    for (int y = 0; y < tiles.y; y++) {
      for (int x = 0; x < tiles.x; x++) {
        source.setTile(x, y);
        int width = source.getTileCompWidth(source.getTileIdx(), 0);
        int height = source.getTileCompHeight(source.getTileIdx(), 0);
        for (int top = 0; top < height; top += STRIPE) {
          int rows = Math.min(STRIPE, height - top);
          for (int c = 0; c < components(); c++) {
            DataBlkInt block = new DataBlkInt(0, top, width, rows);
            copy(source, (DataBlkInt) source.getInternCompData(block, c), c);
          }
        }
      }
    }
  }

  /** Puts the samples of a component into their place, by the sign of Pixel Representation. */
  private void copy(BlkImgDataSrc source, DataBlkInt block, int c) {
    J2kCodestream.Component component = stream.components().get(c);
    int fraction = source.getFixedPoint(c);
    int middle = 1 << (component.bits() - 1);
    int shift = component.signed() ? 0 : middle;
    int left = source.getCompULX(c) - source.getImgULX() + block.ulx;
    int top = source.getCompULY(c) - source.getImgULY() + block.uly;
    int step = components() * layout.type().bytes();
    int columns = layout.description().columns();
    int[] data = block.getDataInt();
    for (int y = 0; y < block.h; y++) {
      int in = block.offset + y * block.scanw;
      int out = ((top + y) * columns + left) * step + c * layout.type().bytes();
      for (int x = 0; x < block.w; x++, out += step) {
        int sample = Math.max(-middle, Math.min(middle - 1, data[in + x] >> fraction)) + shift;
        put(out, J2kSign.apply(layout, component.bits(), sample));
      }
    }
  }

  private void put(int out, int sample) {
    for (int b = 0; b < layout.type().bytes(); b++) {
      values[out + b] = (byte) (sample >> (b * Byte.SIZE));
    }
  }
}

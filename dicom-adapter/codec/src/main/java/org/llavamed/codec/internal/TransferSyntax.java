package org.llavamed.codec.internal;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a transfer syntax (PS3.6 annex A).
 *
 * @param uid UID value
 * @param name UID name
 * @param coding how frames are decoded; empty where that is not supported
 * @param advice what to do where it is not supported, as an imperative
 */
record TransferSyntax(String uid, String name, Optional<Coding> coding, String advice) {
  /** How the frames of a transfer syntax are stored. */
  enum Coding {
    NATIVE,
    /** Native frames in fragments (PS3.5 A.4.11). */
    ENCAPSULATED,
    RLE,
    DEFLATED_FRAMES,
    /** JPEG by discrete cosine transform, sequential or progressive, 8 or 12 bits. */
    JPEG_DCT,
    /** JPEG by prediction and Huffman codes. */
    JPEG_LOSSLESS,
    /** JPEG-LS, lossless or near-lossless. */
    JPEG_LS,
    JPEG_2000,
    /** High-Throughput JPEG 2000, which another bundle decodes. */
    HTJ2K,
    /** One stream of all frames, which another bundle decodes. */
    VIDEO
  }

  private static final String ROOT = "1.2.840.10008.1.2";
  private static final String SENDER =
      "Ask the sender for the object in Explicit VR Little Endian (1.2.840.10008.1.2.1)";

  private static final Map<String, TransferSyntax> KNOWN =
      Stream.of(
              supported("", "Implicit VR Little Endian", Coding.NATIVE),
              supported(".1", "Explicit VR Little Endian", Coding.NATIVE),
              supported(
                  ".1.98",
                  "Encapsulated Uncompressed Explicit VR Little Endian",
                  Coding.ENCAPSULATED),
              supported(".1.99", "Deflated Explicit VR Little Endian", Coding.NATIVE),
              supported(".2", "Explicit VR Big Endian", Coding.NATIVE),
              supported(".5", "RLE Lossless", Coding.RLE),
              supported(".8.1", "Deflated Image Frame Compression", Coding.DEFLATED_FRAMES),
              supported(".4.50", "JPEG Baseline (Process 1)", Coding.JPEG_DCT),
              supported(".4.51", "JPEG Extended (Process 2 and 4)", Coding.JPEG_DCT),
              supported(
                  ".4.53",
                  "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)",
                  Coding.JPEG_DCT),
              supported(
                  ".4.55",
                  "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)",
                  Coding.JPEG_DCT),
              supported(
                  ".4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", Coding.JPEG_LOSSLESS),
              supported(
                  ".4.70",
                  "JPEG Lossless, Non-Hierarchical, First-Order Prediction"
                      + " (Process 14, Selection Value 1)",
                  Coding.JPEG_LOSSLESS),
              supported(".4.80", "JPEG-LS Lossless Image Compression", Coding.JPEG_LS),
              supported(".4.81", "JPEG-LS Lossy (Near-Lossless) Image Compression", Coding.JPEG_LS),
              supported(".4.90", "JPEG 2000 Image Compression (Lossless Only)", Coding.JPEG_2000),
              supported(".4.91", "JPEG 2000 Image Compression", Coding.JPEG_2000),
              unsupported(
                  ".4.92",
                  "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)",
                  SENDER),
              unsupported(".4.93", "JPEG 2000 Part 2 Multi-component Image Compression", SENDER),
              unsupported(".4.94", "JPIP Referenced", SENDER),
              unsupported(".4.95", "JPIP Referenced Deflate", SENDER),
              supported(".4.100", "MPEG2 Main Profile / Main Level", Coding.VIDEO),
              supported(".4.101", "MPEG2 Main Profile / High Level", Coding.VIDEO),
              supported(".4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", Coding.VIDEO),
              supported(
                  ".4.103",
                  "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
                  Coding.VIDEO),
              supported(
                  ".4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", Coding.VIDEO),
              supported(
                  ".4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", Coding.VIDEO),
              supported(".4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", Coding.VIDEO),
              supported(".4.107", "HEVC/H.265 Main Profile / Level 5.1", Coding.VIDEO),
              supported(".4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", Coding.VIDEO),
              unsupported(".4.110", "JPEG XL Lossless", SENDER),
              unsupported(".4.111", "JPEG XL JPEG Recompression", SENDER),
              unsupported(".4.112", "JPEG XL", SENDER),
              supported(
                  ".4.201",
                  "High-Throughput JPEG 2000 Image Compression (Lossless Only)",
                  Coding.HTJ2K),
              supported(
                  ".4.202",
                  "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)",
                  Coding.HTJ2K),
              supported(".4.203", "High-Throughput JPEG 2000 Image Compression", Coding.HTJ2K),
              unsupported(".4.204", "JPIP HTJ2K Referenced", SENDER),
              unsupported(".4.205", "JPIP HTJ2K Referenced Deflate", SENDER))
          .flatMap(syntax -> Stream.of(syntax, syntax.fragmentable()).distinct())
          .collect(Collectors.toUnmodifiableMap(TransferSyntax::uid, Function.identity()));

  /** Returns what is known of a UID; for one that is not known, that it is not supported. */
  static TransferSyntax of(String uid) {
    TransferSyntax known = KNOWN.get(uid);
    return known != null
        ? known
        : new TransferSyntax(uid, "Unknown transfer syntax", Optional.empty(), SENDER);
  }

  /** Returns the transfer syntax of videos in several fragments, else itself. */
  private TransferSyntax fragmentable() {
    boolean video = coding.filter(Coding.VIDEO::equals).isPresent() && !name.startsWith("HEVC");
    return video ? new TransferSyntax(uid + ".1", "Fragmentable " + name, coding, advice) : this;
  }

  private static TransferSyntax supported(String suffix, String name, Coding coding) {
    return new TransferSyntax(ROOT + suffix, name, Optional.of(coding), "");
  }

  private static TransferSyntax unsupported(String suffix, String name, String advice) {
    return new TransferSyntax(ROOT + suffix, name, Optional.empty(), advice);
  }
}

package org.llavamed.dimse.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes A-ASSOCIATE-RQ and A-ASSOCIATE-AC PDUs. */
final class AssociateWriter {
  static final int AE_TITLE = 16;
  private static final int RESERVED = 32;

  private AssociateWriter() {}

  /** Returns the PDU without its header of 6 bytes. */
  static byte[] write(Associate associate, boolean request) {
    Bytes out = new Bytes();
    out.u16(1).u16(0).title(associate.calledAeTitle()).title(associate.callingAeTitle());
    out.bytes(new byte[RESERVED]);
    out.item(0x10, text(associate.applicationContext()));
    for (PresentationContext context : associate.contexts()) {
      Bytes body = new Bytes().u8(context.id()).u8(0).u8(context.result()).u8(0);
      if (request) {
        body.item(0x30, text(context.abstractSyntax()));
      }
      context.transferSyntaxes().forEach(uid -> body.item(0x40, text(uid)));
      out.item(request ? 0x20 : 0x21, body);
    }
    return out.item(0x50, user(associate.user())).toByteArray();
  }

  private static Bytes user(Associate.User user) {
    Bytes out = new Bytes();
    out.item(0x51, new Bytes().u16((int) (user.maxLength() >>> 16)).u16((int) user.maxLength()));
    out.item(0x52, text(user.implementationClassUid()));
    if (user.asynchronous()) {
      out.item(0x53, new Bytes().u16(1).u16(1));
    }
    user.roles()
        .forEach(
            (uid, roles) ->
                out.item(
                    0x54,
                    new Bytes().text16(uid).u8(roles.user() ? 1 : 0).u8(roles.provider() ? 1 : 0)));
    if (!user.implementationVersionName().isEmpty()) {
      out.item(0x55, text(user.implementationVersionName()));
    }
    user.extended()
        .forEach(
            (uid, bytes) -> {
              Bytes body = new Bytes().text16(uid);
              bytes.forEach(body::u8);
              out.item(0x56, body);
            });
    return out;
  }

  private static Bytes text(String text) {
    return new Bytes().bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Bytes that grow, numbers in big endian order. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes u8(int value) {
      write(value);
      return this;
    }

    Bytes u16(int value) {
      return u8(value >>> 8).u8(value);
    }

    Bytes bytes(byte[] bytes) {
      writeBytes(bytes);
      return this;
    }

    Bytes text16(String text) {
      return u16(text.length()).bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    Bytes title(String title) {
      return bytes(
          "%-16s".formatted(title).substring(0, AE_TITLE).getBytes(StandardCharsets.US_ASCII));
    }

    Bytes item(int type, Bytes body) {
      if (body.size() > 0xFFFF) {
        throw new IllegalArgumentException(
            "item %02X takes %d bytes, 65535 fit".formatted(type, body.size()));
      }
      return u8(type).u8(0).u16(body.size()).bytes(body.toByteArray());
    }
  }
}

package org.llavamed.dimse.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads A-ASSOCIATE-RQ and A-ASSOCIATE-AC PDUs. Every length is compared with the bytes that are
 * left. Items that are not known are passed over, as PS3.8 section 9.3.1 asks.
 */
final class AssociateReader {
  private static final int LONGEST_UID = 64;
  private static final int MOST_SYNTAXES = 4096;

  private final boolean request;
  private final List<PresentationContext> contexts = new ArrayList<>();
  private final Set<Integer> ids = new HashSet<>();
  private final Map<String, Associate.Roles> roles = new HashMap<>();
  private final Map<String, List<Integer>> extended = new HashMap<>();
  private String applicationContext = "";
  private String classUid = "";
  private String versionName = "";
  private long maxLength;
  private boolean asynchronous;
  private int syntaxes;

  private AssociateReader(boolean request) {
    this.request = request;
  }

  /**
   * Reads a PDU without its header of 6 bytes.
   *
   * @throws PduException if it breaks the rules of the standard
   */
  static Associate read(ByteBuffer body, boolean request) throws PduException {
    if (body.remaining() < 68) {
      throw new PduException("%d bytes, expected 68 or more".formatted(body.remaining()));
    }
    body.getInt(); // the protocol version, on which the acceptor decides
    String called = text(body, AssociateWriter.AE_TITLE);
    String calling = text(body, AssociateWriter.AE_TITLE);
    body.position(body.position() + 32);
    AssociateReader reader = new AssociateReader(request);
    while (body.hasRemaining()) {
      reader.item(body);
    }
    return new Associate(
        called, calling, reader.applicationContext, reader.contexts, reader.user());
  }

  private Associate.User user() {
    return new Associate.User(maxLength, classUid, versionName, asynchronous, roles, extended);
  }

  private void item(ByteBuffer body) throws PduException {
    require(body, 4, "the header of an item");
    int type = body.get() & 0xFF;
    ByteBuffer item = rest(body, type);
    switch (type) {
      case 0x10 -> applicationContext = uid(item, item.remaining());
      case 0x20, 0x21 -> context(item, type);
      case 0x50 -> {
        while (item.hasRemaining()) {
          require(item, 4, "the header of a user information item");
          int userType = item.get() & 0xFF;
          user(userType, rest(item, userType));
        }
      }
      default -> {} // passed over
    }
  }

  private void context(ByteBuffer item, int type) throws PduException {
    if (type != (request ? 0x20 : 0x21)) {
      throw new PduException("item %02X stands in the wrong PDU".formatted(type));
    }
    require(item, 4, "a presentation context");
    int id = item.get() & 0xFF;
    item.get();
    int result = item.get() & 0xFF;
    item.get();
    if (id % 2 == 0 || !ids.add(id)) {
      throw new PduException("presentation context %d is even or stands twice".formatted(id));
    }
    String abstractSyntax = "";
    List<String> transferSyntaxes = new ArrayList<>();
    while (item.hasRemaining()) {
      require(item, 4, "a syntax");
      int subType = item.get() & 0xFF;
      ByteBuffer sub = rest(item, subType);
      if (subType == 0x30) {
        abstractSyntax = uid(sub, sub.remaining());
      } else if (subType == 0x40 && sub.hasRemaining()) {
        transferSyntaxes.add(uid(sub, sub.remaining()));
        if (++syntaxes > MOST_SYNTAXES) {
          throw new PduException("more than %d transfer syntaxes".formatted(MOST_SYNTAXES));
        }
      }
    }
    if (request && (abstractSyntax.isEmpty() || transferSyntaxes.isEmpty())) {
      throw new PduException("presentation context %d lacks a syntax".formatted(id));
    }
    contexts.add(
        new PresentationContext(id, request ? 0 : result, abstractSyntax, transferSyntaxes));
  }

  private void user(int type, ByteBuffer item) throws PduException {
    switch (type) {
      case 0x51 -> {
        require(item, 4, "the maximum length");
        maxLength = item.getInt() & 0xFFFFFFFFL;
      }
      case 0x52 -> classUid = uid(item, item.remaining());
      case 0x53 -> asynchronous = true;
      case 0x54 -> {
        String uid = uid16(item);
        require(item, 2, "a role selection");
        roles.put(uid, new Associate.Roles(item.get() != 0, item.get() != 0));
      }
      case 0x55 -> versionName = text(item, item.remaining());
      case 0x56 -> {
        String uid = uid16(item);
        List<Integer> bytes = new ArrayList<>();
        while (item.hasRemaining() && bytes.size() < LONGEST_UID) {
          bytes.add(item.get() & 0xFF);
        }
        extended.put(uid, List.copyOf(bytes));
      }
      default -> {} // user identity and what is not known: passed over
    }
  }

  /** Returns the value of an item, whose type has been read, and moves behind it. */
  private static ByteBuffer rest(ByteBuffer body, int type) throws PduException {
    body.get();
    int length = body.getShort() & 0xFFFF;
    require(body, length, "item %02X".formatted(type));
    ByteBuffer item = body.slice(body.position(), length);
    body.position(body.position() + length);
    return item;
  }

  private static void require(ByteBuffer body, int count, String what) throws PduException {
    if (body.remaining() < count) {
      throw new PduException(
          "%s needs %d bytes, %d are left".formatted(what, count, body.remaining()));
    }
  }

  private static String uid16(ByteBuffer item) throws PduException {
    require(item, 2, "the length of a UID");
    return uid(item, item.getShort() & 0xFFFF);
  }

  private static String uid(ByteBuffer item, int length) throws PduException {
    require(item, length, "a UID");
    if (length > LONGEST_UID + 1) {
      throw new PduException("a UID of %d bytes, 64 are allowed".formatted(length));
    }
    return text(item, length);
  }

  /** Returns text without blanks and zeros around it. */
  private static String text(ByteBuffer item, int length) {
    byte[] bytes = new byte[length];
    item.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
  }
}

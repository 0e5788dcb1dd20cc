package org.llavamed.dimse.internal;

import java.util.List;

/**
 * A presentation context as it is proposed or answered (PS3.8 sections 9.3.2.2 and 9.3.3.2).
 *
 * @param id odd, 1 to 255
 * @param result of an answer; 0 in a proposal
 * @param abstractSyntax SOP Class UID; empty in an answer
 * @param transferSyntaxes proposed, or the one that was chosen
 */
record PresentationContext(
    int id, int result, String abstractSyntax, List<String> transferSyntaxes) {
  /** The result: accepted. */
  static final int ACCEPTANCE = 0;

  /** The result: the abstract syntax is not supported. */
  static final int ABSTRACT_SYNTAX_NOT_SUPPORTED = 3;

  /** The result: none of the transfer syntaxes is supported. */
  static final int TRANSFER_SYNTAXES_NOT_SUPPORTED = 4;

  /** Contexts of one association: odd numbers of a byte. */
  static final int MOST = 128;

  PresentationContext {
    transferSyntaxes = List.copyOf(transferSyntaxes);
  }

  /** Returns what a result means. */
  static String describe(int result) {
    return switch (result) {
      case ACCEPTANCE -> "accepted";
      case 1 -> "rejected by the user";
      case ABSTRACT_SYNTAX_NOT_SUPPORTED -> "abstract syntax not supported";
      case TRANSFER_SYNTAXES_NOT_SUPPORTED -> "transfer syntaxes not supported";
      default -> "no reason given";
    };
  }
}

package org.llavamed.dimse.internal;

import java.nio.charset.StandardCharsets;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * A message of PS3.7, without its data set.
 *
 * @param contextId the presentation context that it came or goes in
 * @param command the command set
 */
record Message(int contextId, DataSet command) {
  /** The value of Command Data Set Type (0000,0800) that says that there is none. */
  private static final int NO_DATA_SET = 0x0101;

  private static final int LONGEST_COMMENT = 64;

  int field() {
    return command.integer(Tag.CommandField).orElse(0);
  }

  boolean hasDataSet() {
    return command.integer(Tag.CommandDataSetType).orElse(NO_DATA_SET) != NO_DATA_SET;
  }

  boolean hasStatus() {
    return command.integer(Tag.Status).isPresent();
  }

  /** Returns the status of a response; one without is no success. */
  int status() {
    return command.integer(Tag.Status).orElse(Status.PROCESSING_FAILURE);
  }

  String text(int tag) {
    return command.string(tag).orElse("");
  }

  int number(int tag) {
    return command.integer(tag).orElse(0);
  }

  /** Returns the peer's Error Comment (0000,0902) as the end of a sentence, where there is one. */
  String comment() {
    return command.string(Tag.ErrorComment).map(comment -> ", '" + comment + "'").orElse("");
  }

  /** Returns a command set with a Command Field and the type of its data set. */
  static DataSet command(int field, boolean dataSet) {
    return new DataSet()
        .putInts(Tag.CommandGroupLength, Vr.UL, 0)
        .putInts(Tag.CommandField, Vr.US, field)
        .putInts(Tag.CommandDataSetType, Vr.US, dataSet ? 0 : NO_DATA_SET);
  }

  /** Returns the command set of a request on a SOP class. */
  static DataSet request(int field, int messageId, String sopClassUid, boolean dataSet) {
    return putUid(command(field, dataSet), Tag.AffectedSOPClassUID, sopClassUid)
        .putInts(Tag.MessageID, Vr.US, messageId);
  }

  /** Puts a UID of another program as it is, though it may break PS3.5 section 9.1. */
  static DataSet putUid(DataSet dataSet, int tag, String uid) {
    return dataSet.putBytes(tag, Vr.UI, uid.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns the command set of a response to this request, without a data set. */
  DataSet response(int status, String comment) {
    DataSet response =
        command(field() | CommandField.RESPONSE, false)
            .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, number(Tag.MessageID))
            .putInts(Tag.Status, Vr.US, status)
            .copyFrom(
                command, Tag.AffectedSOPClassUID, Tag.AffectedSOPInstanceUID, Tag.EventTypeID);
    if (!comment.isEmpty()) {
      String ascii = comment.replaceAll("[^ -\\[\\]-~]", "?");
      response.putString(
          Tag.ErrorComment,
          Vr.LO,
          ascii.substring(0, Math.min(LONGEST_COMMENT, ascii.length())).strip());
    }
    return response;
  }
}

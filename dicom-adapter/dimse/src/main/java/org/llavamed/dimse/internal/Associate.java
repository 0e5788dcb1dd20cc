package org.llavamed.dimse.internal;

import java.util.List;
import java.util.Map;
import org.llavamed.dicom.Part10Writer;

/**
 * What an A-ASSOCIATE-RQ or A-ASSOCIATE-AC PDU says (PS3.8 sections 9.3.2 and 9.3.3, annex D).
 *
 * @param calledAeTitle without the blanks around it
 * @param callingAeTitle without the blanks around it
 * @param applicationContext the application context name
 * @param contexts the presentation contexts
 * @param user the user information
 */
record Associate(
    String calledAeTitle,
    String callingAeTitle,
    String applicationContext,
    List<PresentationContext> contexts,
    User user) {
  /** The DICOM application context name (PS3.7 annex A.2.1). */
  static final String APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

  Associate {
    contexts = List.copyOf(contexts);
  }

  /**
   * User information (PS3.7 annex D.3.3).
   *
   * @param maxLength most bytes of the variable field of a P-DATA-TF PDU that the sender takes; 0
   *     for no limit
   * @param implementationClassUid of the sender
   * @param implementationVersionName of the sender; may be empty
   * @param asynchronous whether an asynchronous operations window is negotiated
   * @param roles role selections by SOP Class UID
   * @param extended service class application information by SOP Class UID, unsigned bytes
   */
  record User(
      long maxLength,
      String implementationClassUid,
      String implementationVersionName,
      boolean asynchronous,
      Map<String, Roles> roles,
      Map<String, List<Integer>> extended) {
    User {
      roles = Map.copyOf(roles);
      extended = Map.copyOf(extended);
    }

    /** Returns user information about us. */
    static User ours(int maxLength, Map<String, Roles> roles, Map<String, List<Integer>> extended) {
      return new User(
          maxLength,
          Part10Writer.IMPLEMENTATION_CLASS_UID,
          Part10Writer.IMPLEMENTATION_VERSION_NAME,
          false,
          roles,
          extended);
    }
  }

  /**
   * The roles that the requestor of an association takes for a SOP class.
   *
   * @param user whether it is service class user
   * @param provider whether it is service class provider
   */
  record Roles(boolean user, boolean provider) {
    /** What holds where nothing is negotiated. */
    static final Roles DEFAULT = new Roles(true, false);
  }
}

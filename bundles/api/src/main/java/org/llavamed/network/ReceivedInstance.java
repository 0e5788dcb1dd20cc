package org.llavamed.network;

import java.nio.file.Path;

/**
 * An object that a peer sent and that is on the disk.
 *
 * @param file where it lies
 * @param sopClassUid SOP Class UID
 * @param sopInstanceUid SOP Instance UID
 * @param transferSyntaxUid Transfer Syntax UID
 * @param callingAeTitle who sent it
 * @param bytes of the file
 * @param repeated whether the same bytes were there already
 */
public record ReceivedInstance(
    Path file,
    String sopClassUid,
    String sopInstanceUid,
    String transferSyntaxUid,
    String callingAeTitle,
    long bytes,
    boolean repeated) {}

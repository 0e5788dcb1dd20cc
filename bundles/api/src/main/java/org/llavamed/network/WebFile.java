package org.llavamed.network;

import java.nio.file.Path;

/**
 * Something that was fetched to a file.
 *
 * @param file the file
 * @param mediaType for example {@code application/octet-stream}
 * @param transferSyntaxUid as the service names it; empty where it does not
 */
public record WebFile(Path file, String mediaType, String transferSyntaxUid) {}

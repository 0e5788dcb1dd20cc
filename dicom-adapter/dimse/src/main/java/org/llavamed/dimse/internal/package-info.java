/**
 * Associations (PS3.8), the messages of PS3.7 over them, and the services of PS3.4. {@link
 * org.llavamed.dimse.internal.PduChannel} carries PDUs over a blocking socket with a time for every
 * read and write; {@link org.llavamed.dimse.internal.Association} makes messages of them; {@link
 * org.llavamed.dimse.internal.Connector} and {@link org.llavamed.dimse.internal.Acceptor}
 * negotiate. Every length is checked before anything is allocated by it.
 */
@NullMarked
package org.llavamed.dimse.internal;

import org.jspecify.annotations.NullMarked;

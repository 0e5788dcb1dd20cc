package org.llavamed.annotator.internal;

import java.util.List;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.imaging.StudyTree.Instance;

/**
 * A picture that was chosen, and what it is asked.
 *
 * @param instance the object
 * @param frame frame, from 0
 * @param questions at least one, in the order of the protocol
 */
record Pick(Instance instance, int frame, List<ProtocolQuestion> questions) {}

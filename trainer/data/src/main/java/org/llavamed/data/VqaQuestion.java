package org.llavamed.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A question about a picture with its true answer.
 *
 * @param id the question's id in its data set
 * @param picture the picture's file, which need not be there
 * @param pictureId the picture's path below its folder: questions of one picture share it
 * @param question without a mark of the picture
 * @param answer as in the data set
 * @param type open or closed
 * @param questionType the kind of the question in the data set's words
 * @param organ the part of the body in the data set's words
 * @param split the part of the data that the question is read from, as named in {@link Splits}
 */
public record VqaQuestion(
    String id,
    Path picture,
    String pictureId,
    String question,
    String answer,
    AnswerType type,
    Optional<String> questionType,
    Optional<String> organ,
    String split) {}

package org.llavamed.data;

import java.util.Optional;

/**
 * What a data set of questions about pictures says of a question, beside its text.
 *
 * @param questionId the question's id in its data set
 * @param answerType open or closed
 * @param questionType the kind of the question in the data set's words, for example {@code PRES}
 * @param organ the part of the body in the data set's words
 * @param split the official split that the question is of, for example {@code test}
 */
public record VqaMeta(
    String questionId,
    AnswerType answerType,
    Optional<String> questionType,
    Optional<String> organ,
    String split) {}

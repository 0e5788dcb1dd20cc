package org.llavamed.learning.loop;

import java.util.List;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.ConversationTemplate.Segment;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * A conversation template as Hugging Face's tokenizers apply it: a Jinja text. Messages take turns,
 * beginning with the user's; their content is a text, or a list of texts and pictures. Without the
 * start token, which the tokenizer puts before. A comment names the template for the importer.
 */
final class ChatTemplateFile {
  /** The file's name in a model folder. */
  static final String NAME = "chat_template.jinja";

  private static final String SAID = "\u0001";
  private static final String PICTURE = "\u0002";

  private ChatTemplateFile() {}

  /**
   * Returns the text of the file.
   *
   * @param picture the text of the picture token
   */
  static String of(ConversationTemplate template, String picture) {
    Turn turn = new Turn(SAID, SAID);
    List<Segment> plain = template.conversation("", List.of(turn, turn));
    List<Segment> shown = template.conversation(PICTURE, List.of(turn));
    String first = plain.get(0).text();
    String later = plain.get(2).text();
    String opening = first.substring(0, first.length() - later.length());
    String slot = shown.get(0).text().substring(opening.length());
    return "{# llavamed template: "
        + template.label()
        + " #}{% for message in messages %}{% if message['role'] == 'user' %}"
        + "{% set said = namespace(text='', picture=false) %}"
        + "{% if message['content'] is string %}{% set said.text = message['content'] %}{% else %}"
        + "{% for part in message['content'] %}{% if part['type'] == 'text' %}"
        + "{% set said.text = said.text + part['text'] %}"
        + "{% else %}{% set said.picture = true %}{% endif %}{% endfor %}{% endif %}"
        + (opening.isEmpty() ? "" : "{% if loop.first %}" + text(opening) + "{% endif %}")
        + "{% if said.picture %}"
        + question(slot.replace(PICTURE, picture))
        + "{% else %}"
        + question(later)
        + "{% endif %}{% else %}"
        + answer(plain.get(1).text())
        + "{% endif %}{% endfor %}\n";
  }

  private static String question(String form) {
    int at = form.indexOf(SAID);
    return text(form.substring(0, at)) + "{{ said.text }}" + text(form.substring(at + 1));
  }

  private static String answer(String form) {
    int at = form.indexOf(SAID);
    return text(form.substring(0, at))
        + "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
        + "{% for part in message['content'] %}{{ part['text'] }}{% endfor %}{% endif %}"
        + text(form.substring(at + 1));
  }

  /** As an expression, since Jinja drops line ends behind its own marks. */
  private static String text(String plain) {
    return plain.isEmpty()
        ? ""
        : "{{ '" + plain.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "' }}";
  }
}

package org.llavamed.model.internal.schema;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.Vocabulary;

/**
 * Makes the constraints of a model's answers from JSON schemas; remembers the last schemas. Safe
 * for use by several threads.
 */
public final class Schemas {
  private static final int MOST_REMEMBERED = 16;

  private final Vocabulary vocabulary;
  private final Set<Integer> ends;
  private @Nullable TokenTrie tokens;
  private final Map<String, Grammar> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Grammar> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * Takes what a model writes with.
   *
   * @param ends end tokens
   */
  public Schemas(Vocabulary vocabulary, Collection<Integer> ends) {
    this.vocabulary = vocabulary;
    this.ends = Set.copyOf(ends);
  }

  /**
   * Returns the constraint of one answer: compact JSON, which one blank may precede; one blank may
   * follow each colon and comma. It ends within the tokens that it may have: where they run low,
   * only such tokens may come next after which the rest fits. Where even the shortest answer may
   * not fit, the tokens that shorten the rest most may come next.
   *
   * @param schema JSON schema, of the supported part
   * @param maxNewTokens most tokens of the answer, end token left out
   * @throws ModelException if the schema is no JSON or says what is not supported, or the
   *     vocabulary cannot write what it asks for
   */
  public Constraint constraint(String schema, int maxNewTokens) {
    return new SchemaConstraint(grammar(schema), vocabulary, ends, maxNewTokens);
  }

  private synchronized Grammar grammar(String schema) {
    Grammar known = remembered.get(schema);
    if (known == null) {
      Schema parsed = SchemaParser.parse(schema);
      TokenTrie trie = tokens;
      if (trie == null) {
        trie = new TokenTrie(vocabulary, ends);
        tokens = trie;
      }
      known = new Grammar(parsed, trie);
      remembered.put(schema, known);
    }
    return known;
  }
}

package org.llavamed.model.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.schema.Schema.Choice;
import org.llavamed.model.internal.schema.Schema.Items;
import org.llavamed.model.internal.schema.Schema.Literals;
import org.llavamed.model.internal.schema.Schema.Members;
import org.llavamed.model.internal.schema.Schema.Numeric;
import org.llavamed.model.internal.schema.Schema.Property;
import org.llavamed.model.internal.schema.Schema.Text;

class SchemaParserTest {
  private static final long LARGEST = 999_999_999_999_999L;

  private static Schema parse(String schema) {
    return SchemaParser.parse(schema.replace('\'', '"'));
  }

  @Test
  void everySupportedKeywordIsRead() {
    assertThat(
            parse(
                """
                {'$schema':'https://json-schema.org/draft/2020-12/schema','title':'t','type':'object',
                 'properties':{
                   's':{'type':'string','minLength':2,'maxLength':5,'description':'d'},
                   'i':{'type':'integer','minimum':-3,'exclusiveMaximum':7},
                   'n':{'type':'number','exclusiveMinimum':0.5,'maximum':1.25},
                   'a':{'type':'array','items':{'type':'boolean'},'minItems':1,'maxItems':3},
                   'e':{'enum':['x',1,1.5,true,null]},
                   'c':{'type':'string','const':'y'},
                   'o':{'type':['string','null'],'maxLength':4},
                   'u':{'anyOf':[{'type':'integer'},{'type':'null'}]}},
                 'required':['s','e'],'additionalProperties':false}
                """))
        .isEqualTo(
            new Members(
                List.of(
                    new Property("s", new Text(2, 5), true),
                    new Property("i", new Numeric(15, 0, -3, 6), false),
                    new Property("n", new Numeric(9, 6, 500_001, 1_250_000), false),
                    new Property(
                        "a", new Items(new Literals(List.of("true", "false")), 1, 3), false),
                    new Property(
                        "e", new Literals(List.of("\"x\"", "1", "1.5", "true", "null")), true),
                    new Property("c", new Literals(List.of("\"y\"")), false),
                    new Property(
                        "o",
                        new Choice(List.of(new Text(0, 4), new Literals(List.of("null")))),
                        false),
                    new Property(
                        "u",
                        new Choice(
                            List.of(
                                new Numeric(15, 0, -LARGEST, LARGEST),
                                new Literals(List.of("null")))),
                        false))));
  }

  @Test
  void whatHasNoBoundGetsOne() {
    assertThat(parse("{'type':'string'}")).isEqualTo(new Text(0, 256));
    assertThat(parse("{'type':'string','minLength':300}")).isEqualTo(new Text(300, 300));
    assertThat(parse("{'type':'array','items':{'type':'null'}}"))
        .isEqualTo(new Items(new Literals(List.of("null")), 0, 32));
    assertThat(parse("{'type':['integer','number']}"))
        .isEqualTo(new Numeric(9, 6, -LARGEST, LARGEST));
    assertThat(parse("{'type':'number','minimum':-1e99,'maximum':1e99}"))
        .isEqualTo(new Numeric(9, 6, -LARGEST, LARGEST));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [] | JSON schema: is no object. Write a schema as an object with a type.
          {} | JSON schema: has neither of 'type', 'enum', 'const' and 'anyOf'. Name the type of the value.
          {'$ref':'#/$defs/a'} | JSON schema: '$ref' is not supported here. Leave it out; docs/structured-answers.md lists what is supported.
          {'type':'text'} | JSON schema: 'text' is no type. Write object, array, string, integer, number, boolean or null.
          {'type':[]} | JSON schema: 'type' names none. Name the type of the value.
          {'type':3} | JSON schema: 'type' is 3, expected an array. Write it as JSON Schema does.
          {'type':'object','properties':{'a/b':{'type':'string','pattern':'x'}}} | JSON schema, /properties/a~1b: 'pattern' is not supported here. Leave it out; docs/structured-answers.md lists what is supported.
          {'type':'array','items':{'type':'object','properties':[]}} | JSON schema, /items: 'properties' is [], expected an object. Write it as JSON Schema does.
          {'type':'array'} | JSON schema: an array without 'items'. Say what its items are.
          {'type':'integer','maxLength':3} | JSON schema: 'maxLength' is not supported here. Leave it out; docs/structured-answers.md lists what is supported.
          {'type':'string','maxLength':-1} | JSON schema: 'maxLength' is -1, expected a whole number from 0 to 10000. Write it as JSON Schema does.
          {'type':'string','maxLength':10001} | JSON schema: 'maxLength' is 10001, expected a whole number from 0 to 10000. Write it as JSON Schema does.
          {'type':'string','minLength':'2'} | JSON schema: 'minLength' is "2", expected a whole number from 0 to 10000. Write it as JSON Schema does.
          {'type':'string','minLength':1.5} | JSON schema: 'minLength' is 1.5, expected a whole number from 0 to 10000. Write it as JSON Schema does.
          {'type':'string','minLength':5,'maxLength':4} | JSON schema: 'maxLength' is 4, less than the least of 5. Make it larger.
          {'type':'integer','minimum':'0'} | JSON schema: 'minimum' is "0", expected a number. Write it as JSON Schema does.
          {'type':'number','minimum':1e-999999999} | JSON schema: 'minimum' is 1E-999999999, expected a number of at most 100 digits. Write it as JSON Schema does.
          {'type':'integer','minimum':1,'exclusiveMaximum':1} | JSON schema: no number of at most 15 digits before and 0 behind the point is within its bounds. Write other bounds.
          {'type':'object','properties':{},'required':['a']} | JSON schema: 'required' names [a], which 'properties' does not describe. Describe it there.
          {'type':'object','properties':{},'required':[1]} | JSON schema: 'required' is [1], expected an array of strings. Write it as JSON Schema does.
          {'type':'object','additionalProperties':{}} | JSON schema: 'additionalProperties' is a schema, which is not supported. Name every property, and write false here.
          {'enum':[]} | JSON schema: 'enum' is empty. Name what the value may be.
          {'enum':[[1]]} | JSON schema, /enum/0: is an object or array. Name strings, numbers, booleans or null alone.
          {'type':'string','enum':['a',1]} | JSON schema, /enum/1: is no string. Name values of the type.
          {'type':'integer','const':1.5} | JSON schema, /const: is no integer. Name values of the type.
          {'enum':['a'],'maxLength':3} | JSON schema: 'maxLength' is not supported here. Leave it out; docs/structured-answers.md lists what is supported.
          {'anyOf':[]} | JSON schema: 'anyOf' is empty. Name what the value may be.
          {'anyOf':[{'type':'string'},{'const':'a'}]} | JSON schema: two of its kinds begin with the same character, so the first one does not tell which it is. Write one kind instead of them.
          {'anyOf':[{'type':'string'}],'type':'string'} | JSON schema: 'type' is not supported here. Leave it out; docs/structured-answers.md lists what is supported.
          """)
  void whatIsWrongIsNamedWithItsPointer(String schema, String message) {
    assertThatThrownBy(() -> parse(schema)).isInstanceOf(ModelException.class).hasMessage(message);
  }

  @Test
  void textThatIsNoJsonIsNamed() {
    for (String text : List.of("{", "{'type':'null'}x", "{'type':'null','type':'null'}")) {
      assertThatThrownBy(() -> parse(text))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("JSON schema: is no JSON (")
          .hasMessageEndingWith("). Write it as JSON Schema does.");
    }
  }

  @Test
  void hugeSchemasAreNotRead() {
    String deep = "{'type':'array','items':".repeat(70) + "{'type':'null'}" + "}".repeat(70);
    assertThatThrownBy(() -> parse(deep))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("JSON schema: is no JSON (Document nesting depth (65) exceeds");
    assertThatThrownBy(() -> parse("{'const':'" + "x".repeat(32 << 10) + "'}"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "JSON schema: has 32780 characters, expected at most 32768. Ask for less in one"
                + " answer.");
    String many =
        IntStream.range(0, 65)
            .mapToObj("'p%d':{'type':'null'}"::formatted)
            .collect(Collectors.joining(","));
    assertThatThrownBy(() -> parse("{'type':'object','properties':{" + many + "}}"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "JSON schema: has 65 properties, expected at most 64. Ask for less in one answer.");
  }
}

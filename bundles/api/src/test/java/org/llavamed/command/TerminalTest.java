package org.llavamed.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void theWidthOfATerminalIsWhatTheStartScriptSays() {
    System.setProperty(Terminal.PROPERTY, "true");
    System.setProperty(Terminal.COLUMNS, "97");
    try {
      assertThat(Terminal.columns()).isEqualTo(97);
      System.setProperty(Terminal.COLUMNS, "3");
      assertThat(Terminal.columns()).isEqualTo(40);
      System.setProperty(Terminal.COLUMNS, "");
      assertThat(Terminal.columns()).isEqualTo(Integer.MAX_VALUE);
      System.setProperty(Terminal.COLUMNS, "97");
      System.setProperty(Terminal.PROPERTY, "false");
      assertThat(Terminal.columns()).isEqualTo(Integer.MAX_VALUE);
    } finally {
      System.clearProperty(Terminal.COLUMNS);
      System.clearProperty(Terminal.PROPERTY);
    }
  }
}

package org.llavamed.command.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.command.Command;
import org.llavamed.network.DicomWeb;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom web find}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom web")
@CommandLine.Command(
    name = "find",
    description = {
      "Search a DICOMweb service and print one line of DICOM JSON a match.",
      "Research use only, not for clinical use."
    })
public final class WebFindCommand implements Command {
  private final DicomWeb web;

  @Spec private CommandSpec spec;
  @Mixin private WebOptions service;

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description = "What must match, by keyword or tag: PatientID=1 or 00100020=1.")
  private List<String> keys = List.of();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "STUDY",
      description = "What to find: study, series or instance (default: study).")
  private WebQuery.Level level;

  @Option(
      names = "--include",
      paramLabel = "KEY",
      split = ",",
      description = "Attributes to return beside the usual ones; 'all' for all.")
  private List<String> include = List.of();

  @Option(names = "--fuzzy", description = "Let names match by their sound, where they can.")
  private boolean fuzzy;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most matches (default: all).")
  private long limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Matches to leave out at the beginning.")
  private long offset;

  /** Takes the client. */
  @Activate
  public WebFindCommand(@Reference DicomWeb web) {
    this.web = web;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    WebPeer peer = service.peer(line);
    web.find(peer, query(line), match -> line.getOut().println(match.json()));
    return OK;
  }

  private WebQuery query(CommandLine line) {
    Map<String, String> match = new LinkedHashMap<>();
    for (String key : keys) {
      int equals = key.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            line, "'%s' is no key with a value, as in PatientID=1".formatted(key));
      }
      match.put(key.substring(0, equals), key.substring(equals + 1));
    }
    try {
      return new WebQuery(level, match, include, fuzzy, limit, offset);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }
}

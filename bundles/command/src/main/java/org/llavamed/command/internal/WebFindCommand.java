package org.llavamed.command.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.llavamed.command.Command;
import org.llavamed.imaging.ObjectListing;
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
  private final ObjectListing listing;

  @Spec private CommandSpec spec;
  @Mixin private WebOptions service;

  @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = Keys.DESCRIPTION)
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

  /** Takes the client, and the service that knows attributes. */
  @Activate
  public WebFindCommand(@Reference DicomWeb web, @Reference ObjectListing listing) {
    this.web = web;
    this.listing = listing;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    WebPeer peer = service.peer(line);
    AtomicLong matches = new AtomicLong();
    web.find(
        peer,
        query(line),
        match -> {
          matches.incrementAndGet();
          line.getOut().println(match.json());
        });
    if (matches.get() == 0) {
      line.getErr().println(FindCommand.NO_MATCH);
    }
    return OK;
  }

  private WebQuery query(CommandLine line) {
    Map<String, String> match = Keys.of(line, listing, keys);
    List<String> returned =
        include.stream()
            .map(name -> name.equals("all") ? name : Keys.name(line, listing, name))
            .toList();
    try {
      return new WebQuery(level, match, returned, fuzzy, limit, offset);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }
}

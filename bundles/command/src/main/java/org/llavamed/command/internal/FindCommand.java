package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavamed.command.Command;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.imaging.ObjectListing;
import org.llavamed.network.DimseClient;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom find}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "find",
    description =
        "Look for patients, studies, series or instances at a peer (C-FIND). Print one line of"
            + " DICOM JSON a match, or a table where a person watches.")
public final class FindCommand implements Command {
  private static final Map<QueryLevel, List<String>> RETURNED =
      Map.of(
          QueryLevel.PATIENT,
          List.of("PatientID", "PatientName", "PatientBirthDate", "PatientSex"),
          QueryLevel.STUDY,
          List.of(
              "PatientID",
              "PatientName",
              "StudyInstanceUID",
              "StudyDate",
              "AccessionNumber",
              "ModalitiesInStudy",
              "StudyDescription"),
          QueryLevel.SERIES,
          List.of("StudyInstanceUID", "SeriesInstanceUID", "Modality", "SeriesDescription"),
          QueryLevel.IMAGE,
          List.of(
              "StudyInstanceUID",
              "SeriesInstanceUID",
              "SOPInstanceUID",
              "SOPClassUID",
              "InstanceNumber"));

  /** How matches are printed. */
  enum Format {
    JSON,
    TABLE
  }

  /** What standard error says where nothing matched. */
  static final String NO_MATCH = "llavamed: no match.";

  private final DimseClient client;
  private final ObjectListing listing;

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions options;
  @Mixin private QueryOptions queryOptions;

  @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = Keys.DESCRIPTION)
  private List<String> keys = List.of();

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: TABLE on a terminal, else JSON).")
  private Format format = Terminal.isPresent() ? Format.TABLE : Format.JSON;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Cancel the query after N matches (default: no limit).")
  private int limit;

  /** Takes the services that speak DIMSE and know attributes. */
  @Activate
  public FindCommand(@Reference DimseClient client, @Reference ObjectListing listing) {
    this.client = client;
    this.listing = listing;
  }

  @Override
  public Integer call() {
    Query query = queryOptions.find(Keys.ofTopLevel(spec.commandLine(), listing, keys), RETURNED);
    PrintWriter out = spec.commandLine().getOut();
    List<Map<String, String>> rows = new ArrayList<>();
    AtomicInteger matches = new AtomicInteger();
    boolean all =
        client.find(
            options.peer(spec.commandLine()),
            query,
            Math.max(0, limit),
            match -> {
              matches.incrementAndGet();
              if (format == Format.JSON) {
                out.println(Text.printable(match.json()));
              } else {
                rows.add(match.values());
              }
            });
    if (!rows.isEmpty()) {
      print(out, rows);
    }
    if (matches.get() == 0) {
      spec.commandLine().getErr().println(NO_MATCH);
    }
    if (!all) {
      spec.commandLine()
          .getErr()
          .println("llavamed: the query was cancelled after %d matches.".formatted(limit));
    }
    return OK;
  }

  private static void print(PrintWriter out, List<Map<String, String>> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    Table table = new Table(columns.toArray(String[]::new));
    for (Map<String, String> row : rows) {
      table.add(columns.stream().map(name -> row.getOrDefault(name, "")).toArray(String[]::new));
    }
    table.print(out, Terminal.columns());
  }
}

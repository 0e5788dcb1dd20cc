package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.network.DicomWeb;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebFile;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebRetrieval;
import org.llavamed.network.WebStoreOutcome;
import org.llavamed.network.WebStoreOutcome.Result;

class WebCommandsTest {
  private static final String URL = "http://127.0.0.1:9/dicom-web";

  @TempDir Path folder;
  private final Fake web = new Fake();
  private final Console console =
      new Console()
          .with("dicom web", () -> new WebFindCommand(web, FakeDocuments.listing()))
          .with("dicom web", () -> new WebGetCommand(web))
          .with(
              "dicom web",
              () -> new WebSendCommand(web, FakeDocuments.reader(), FakeDocuments::check));

  @Test
  void aSearchPrintsOneLineAMatch() {
    int code =
        console.run(
            "dicom",
            "web",
            "find",
            URL,
            "PatientID=a=b",
            "--level",
            "series",
            "--include",
            "all,00100010",
            "--limit",
            "5",
            "--offset",
            "2",
            "--fuzzy");
    assertThat(console.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(console.out()).isEqualTo("{}\n");
    assertThat(web.calls)
        .containsExactly(
            URL,
            new WebQuery(
                    WebQuery.Level.SERIES,
                    Map.of("PatientID", "a=b"),
                    List.of("all", "00100010"),
                    true,
                    5,
                    2)
                .toString());
  }

  @Test
  void aSearchWithoutAMatchIsSaidOnStandardErrorAlone() {
    assertThat(console.run("dicom", "web", "find", URL, "None=1")).isZero();
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).isEqualTo("llavamed: no match.\n");
  }

  @Test
  void whatIsPlainlyNoDicomInAFolderIsLeftOut() throws IOException {
    Files.writeString(folder.resolve("a"), "");
    Path text = Files.writeString(folder.resolve("b.txt"), "");
    assertThat(console.run("dicom", "web", "send", URL, folder.toString())).isZero();
    assertThat(console.err()).isEqualTo("llavamed: left out, no DICOM: " + text + " (a text).\n");
  }

  @Test
  void whatIsFetchedDependsOnTheOptions() {
    String[] instance = {
      "dicom", "web", "get", URL, "--study", "1", "--series", "2", "--instance", "3"
    };
    assertThat(console.run("dicom", "web", "get", URL, "--study", "1", "-o", "d")).isEqualTo(1);
    assertThat(console.out()).isEqualTo("d" + File.separator + "x.dcm\n");
    assertThat(console.err()).isEqualTo("llavamed: not all.\n");
    assertThat(console.run(with(instance, "--metadata"))).isZero();
    assertThat(console.out()).isEqualTo("{}\n");
    assertThat(console.run(with(instance, "--frame", "2,1"))).isZero();
    assertThat(console.out()).isEqualTo("frames[2, 1]\n");
    assertThat(console.run(with(instance, "--rendered", "--frame", "2"))).isZero();
    assertThat(console.out()).isEqualTo("rendered2\n");
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aStorePrintsOneLineAFileAndFailsIfOneFails() throws IOException {
    Path good = Files.writeString(folder.resolve("a"), "");
    Path bad = Files.writeString(folder.resolve("b"), "");
    assertThat(console.run("dicom", "web", "send", URL, good.toString())).isZero();
    assertThat(console.run("dicom", "web", "send", URL, folder.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo("%s\tstored\n%s\tfailed\trefused.\n".formatted(good, bad));
  }

  @Test
  void aDocumentWithAnErrorIsNotStoredUnlessToldSo() throws IOException {
    Path document = Files.writeString(folder.resolve("a"), FakeDocuments.DOCUMENT);
    assertThat(console.run("dicom", "web", "send", URL, document.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(document + "\tfailed\t" + FakeDocuments.REFUSAL + "\n");
    assertThat(console.run("dicom", "web", "send", URL, "--unchecked", document.toString()))
        .isZero();
    assertThat(console.out()).isEqualTo(document + "\tstored\n");
  }

  @Test
  void secretsComeFromFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "geheim\n");
    assertThat(
            console.run(
                "dicom", "web", "find", URL, "--user", "u", "--password-file", file.toString()))
        .isZero();
    assertThat(web.calls.get(0)).isEqualTo(URL);
    assertThat(web.credentials).isEqualTo("Optional[user u]");
    assertThat(console.run("dicom", "web", "find", URL, "--user", "u")).isEqualTo(2);
    assertThat(console.err()).contains("--user goes with --password-file");
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThat(console.run("dicom", "web", "find", URL, "PatientID")).isEqualTo(2);
    assertThat(console.err()).contains("'PatientID' is no KEY=VALUE");
    assertThat(console.run("dicom", "web", "find", URL, "Nonsense=1")).isEqualTo(2);
    assertThat(console.err()).contains("'Nonsense' is no attribute. Write it as StudyDate");
    assertThat(console.run("dicom", "web", "find", URL, "--include", "Nonsense")).isEqualTo(2);
    assertThat(console.err()).contains("'Nonsense' is no attribute. Write it as StudyDate");
    assertThat(console.run("dicom", "web", "find", "pacs:80")).isEqualTo(2);
    assertThat(console.err()).contains("no http or https address with a host");
    assertThat(console.run("dicom", "web", "get", URL, "--study", "../x")).isEqualTo(2);
    assertThat(console.err()).contains("expected 1 to 64 digits and dots");
    assertThat(console.run("dicom", "web", "get", URL, "--study", "1", "--rendered")).isEqualTo(2);
    assertThat(console.err()).contains("go with --study, --series and --instance");
  }

  @Test
  void anErrorOfTheServiceIsOneLine() {
    assertThat(console.run("dicom", "web", "get", URL, "--study", "9")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: there: nothing. Look elsewhere.\n");
  }

  /** Answers at once, and notes what it was asked. */
  private static final class Fake implements DicomWeb {
    private final List<String> calls = new ArrayList<>();
    private String credentials = "";

    @Override
    public void find(WebPeer peer, WebQuery query, Consumer<WebDataSet> match) {
      calls.addAll(List.of(peer.toString(), query.toString()));
      credentials = peer.credentials().toString();
      if (!query.match().containsKey("None")) {
        match.accept(empty());
      }
    }

    private static WebDataSet empty() {
      return new WebDataSet(new FakeAttributes(Map.of()), Map.of(), "{}");
    }

    @Override
    public WebRetrieval retrieve(WebPeer peer, WebResource what, Path folder) {
      if (what.study().equals("9")) {
        throw NetworkException.failed("there", "nothing", "Look elsewhere");
      }
      return new WebRetrieval(List.of(folder.resolve("x.dcm")), "not all.");
    }

    @Override
    public void metadata(WebPeer peer, WebResource what, Consumer<WebDataSet> each) {
      each.accept(empty());
    }

    @Override
    public List<WebFile> frames(
        WebPeer peer, WebResource instance, List<Integer> numbers, Path folder) {
      return List.of(new WebFile(Path.of("frames" + numbers), "", ""));
    }

    @Override
    public WebFile bulkData(WebPeer peer, URI uri, Path file) {
      return new WebFile(file, "", "");
    }

    @Override
    public WebFile rendered(WebPeer peer, WebResource instance, int frame, Path folder) {
      return new WebFile(Path.of("rendered" + frame), "", "");
    }

    @Override
    public void store(WebPeer peer, List<Path> files, Consumer<WebStoreOutcome> outcome) {
      for (Path file : files) {
        boolean good = file.endsWith("a");
        outcome.accept(
            new WebStoreOutcome(
                file,
                "",
                "",
                good ? Result.STORED : Result.FAILED,
                -1,
                good ? "" : file + ": refused."));
      }
    }
  }
}

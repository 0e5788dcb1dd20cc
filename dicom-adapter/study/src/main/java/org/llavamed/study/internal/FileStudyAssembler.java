package org.llavamed.study.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.StudyAssembler;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts the files of folders, media, archives and standard input together. */
@Component
public final class FileStudyAssembler implements StudyAssembler {
  private final ObjectReader reader;
  private final InputStream standardInput;

  /** Takes the service that reads the objects. */
  @Activate
  public FileStudyAssembler(@Reference ObjectReader reader) {
    this(reader, System.in);
  }

  FileStudyAssembler(ObjectReader reader, InputStream standardInput) {
    this.reader = reader;
    this.standardInput = standardInput;
  }

  @Override
  public Assembly assemble(List<Path> inputs, Optional<Path> leftOut) {
    var work = new Work(reader, new Archives(standardInput), leftOut);
    try {
      return work.assemble(inputs);
    } catch (RuntimeException e) {
      work.archives.close();
      throw e;
    }
  }

  /** What is kept of an assembly: not the headers. */
  private record Assembled(StudyTree tree, Archives archives) implements Assembly {
    @Override
    public void close() {
      archives.close();
    }
  }

  /** One assembly while it is made. */
  private static final class Work {
    private static final Logger LOG = System.getLogger(FileStudyAssembler.class.getName());
    private static final int JSON_HEAD = 1 << 16;

    private final ObjectReader reader;
    private final Archives archives;
    private final Remarks remarks = new Remarks();
    private final InputFiles files;
    private final Map<String, Header> headers = new LinkedHashMap<>();

    Work(ObjectReader reader, Archives archives, Optional<Path> leftOut) {
      this.reader = reader;
      this.archives = archives;
      this.files = new InputFiles(remarks, leftOut);
    }

    Assembly assemble(List<Path> inputs) {
      var named = Set.copyOf(inputs);
      for (Path input : inputs) {
        if (input.equals(STANDARD_INPUT)) {
          unpack(input, archives::standardInput).ifPresent(file -> files.visit(file, this::read));
        } else {
          files.visit(input, file -> read(file, named.contains(file)));
        }
      }
      StudyTree tree = new Grouping(remarks).tree(headers.values());
      return new Assembled(tree, archives);
    }

    private void read(Path file) {
      read(file, false);
    }

    private void read(Path file, boolean named) {
      if (Archives.isArchive(file)) {
        readArchive(file);
        return;
      }
      Optional<DicomObject> object = open(file);
      if (object.isEmpty()) {
        return;
      }
      Attributes attributes = object.get().attributes();
      if (!attributes.contains(Tag.DirectoryRecordSequence)) {
        take(object.get());
      } else if (named) {
        files.visitReferenced(
            file, attributes, referenced -> open(referenced).ifPresent(this::take));
      } else {
        remarks.leftOut(file, "DICOMDIR; the files of its folder are read anyway");
      }
    }

    private void readArchive(Path file) {
      if (archives.holds(file)) {
        remarks.failed(file, "an archive within an archive", "Unpack it and name its folder");
      } else {
        unpack(file, () -> archives.unpack(file, remarks))
            .ifPresent(folder -> files.visit(folder, this::read));
      }
    }

    private Optional<Path> unpack(Path input, Unpacking unpacking) {
      try {
        return Optional.of(unpacking.run());
      } catch (InterruptedIOException e) {
        LOG.log(Level.DEBUG, "Unpacking " + input + " was interrupted", e);
      } catch (IOException e) {
        remarks.failed(
            input,
            "cannot be unpacked (%s)".formatted(e.getMessage()),
            "Copy it again, or unpack it and name its folder");
      } catch (ImagingException e) {
        remarks.failed(input, e);
      }
      return Optional.empty();
    }

    private Optional<DicomObject> open(Path file) {
      try {
        return Optional.of(reader.read(file));
      } catch (ImagingException e) {
        if (Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
        if (isOurJson(file)) {
          remarks.leftOut(file, "result of this program");
        } else {
          remarks.failed(file, e);
        }
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "Reading " + file + " failed", e);
        remarks.failed(
            file,
            "reading failed unexpectedly (%s)".formatted(e),
            "Report this as an error of the program");
      }
      return Optional.empty();
    }

    private void take(DicomObject object) {
      try {
        keep(Header.of(object));
      } catch (ImagingException e) {
        Content content = Header.content(object);
        if (content == Content.NO_PIXELS || content == Content.RESULT) {
          remarks.leftOut(object.file(), "no pixels and no identifiers");
        } else {
          remarks.failed(object.file(), e);
        }
      }
    }

    private void keep(Header header) {
      Header first = headers.putIfAbsent(header.instance().uid(), header);
      if (first == null) {
        return;
      }
      Path file = header.instance().file();
      remarks.leftOut(
          file, "same SOP Instance UID as %s".formatted(first.instance().file().getFileName()));
      if (!header.seriesUid().equals(first.seriesUid()) || differ(file, first.instance().file())) {
        remarks.inconsistent(
            file,
            "%s: has the SOP Instance UID %s of %s, but other content. The first one is taken; give the other a UID of its own."
                .formatted(file, header.instance().uid(), first.instance().file()));
      }
    }

    private static boolean differ(Path a, Path b) {
      try {
        return Files.mismatch(a, b) >= 0;
      } catch (IOException e) {
        return true;
      }
    }

    /** Returns whether a file is a JSON object that carries our notice. */
    private static boolean isOurJson(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        String head = new String(in.readNBytes(JSON_HEAD), StandardCharsets.UTF_8).stripLeading();
        return head.startsWith("{") && head.contains(ResearchMark.NOTICE);
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Brings an input to the disk. */
  @FunctionalInterface
  private interface Unpacking {
    Path run() throws IOException;
  }
}

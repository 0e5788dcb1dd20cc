package org.llavamed.deidentify.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * Applies the profile to one object: builds a new data set of what may stay. An attribute that
 * neither PS3.6 nor the table of safe private attributes knows, or whose value representation is
 * none that PS3.6 allows, cannot be judged and is left out.
 */
final class Cleaner {
  private final Policy policy;
  private final Subject subject;
  private final UidRule uids;
  private final Words words;
  private final Terms terms;
  private final Map<String, String> layers = new HashMap<>();
  private final SafePrivate safePrivate;
  private final Codes codes;

  Cleaner(Policy policy, Subject subject) {
    this.policy = policy;
    this.subject = subject;
    this.uids = new UidRule(subject.pseudonyms());
    this.words = subject.words();
    this.terms = new Terms(words);
    this.safePrivate = new SafePrivate(words, this::ordinary);
    this.codes = new Codes(subject);
  }

  /** How attributes are treated that table E.1-1 does not name. */
  enum Mode {
    /** Kept, but for text that names the patient. */
    ORDINARY,
    /** Text is cleaned word by word. */
    WORDS,
    /** Text is replaced, shapes and numbers stay. */
    GRAPHICS,
    /** Everything is replaced but UIDs of classes, whole numbers and what makes the structure. */
    DUMMY
  }

  /** Returns what stays of an object's data set, with its pixel data. */
  DataSet object(DataSet source) {
    DataSet target = clean(source, Mode.ORDINARY);
    return target.copyFrom(source, Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData);
  }

  private DataSet ordinary(DataSet item) {
    return clean(item, Mode.ORDINARY);
  }

  private DataSet clean(DataSet source, Mode mode) {
    if (mode != Mode.ORDINARY && Codes.isCode(source)) {
      return codes.clean(source, mode);
    }
    DataSet target = new DataSet();
    for (int tag : source.tags()) {
      if (Representations.isKnown(source, tag)) {
        Optional<Profile.Rule> rule = Profile.rule(tag);
        if (rule.isPresent()) {
          Action action = rule.get().action(policy);
          apply(action, rule.get(), new Attribute(source, tag, target, mode));
        } else {
          unlisted(new Attribute(source, tag, target, mode));
        }
      }
    }
    if (policy.has(ProfileOption.RETAIN_SAFE_PRIVATE) && mode == Mode.ORDINARY) {
      safePrivate.copy(source, target);
    }
    return mode == Mode.WORDS ? codes.subject(source, target, policy) : target;
  }

  private void apply(Action action, Profile.Rule rule, Attribute attribute) {
    switch (action) {
      case KEEP -> {
        if (attribute.suits()) {
          keep(attribute);
        } else if (rule.basic() != Action.KEEP) {
          apply(rule.basic(), rule, attribute);
        }
      }
      case CLEAN -> {
        if (!cleaned(attribute)) {
          apply(rule.basic(), rule, attribute);
        }
      }
      case REMOVE -> {}
      case EMPTY -> empty(attribute);
      case DUMMY -> dummy(attribute);
      case UID -> uid(attribute);
    }
  }

  private void keep(Attribute attribute) {
    if (attribute.vr() == Vr.SQ) {
      within(attribute, Mode.ORDINARY);
    } else {
      terms.keep(attribute);
    }
  }

  private void within(Attribute attribute, Mode mode) {
    List<DataSet> items = new ArrayList<>();
    attribute.source().items(attribute.tag()).forEach(item -> items.add(clean(item, mode)));
    attribute.target().putItems(attribute.tag(), items);
  }

  private void empty(Attribute attribute) {
    if (attribute.tag() == Tag.PatientName && !attribute.isEmpty()) {
      attribute.target().putString(Tag.PatientName, Vr.PN, subject.pseudonym());
    } else {
      attribute.putEmpty();
    }
  }

  private void dummy(Attribute attribute) {
    int tag = attribute.tag();
    if (attribute.isEmpty()) {
      attribute.putEmpty();
    } else if (tag == Tag.PatientID) {
      attribute.target().putString(tag, Vr.LO, subject.pseudonym(attribute.source()));
    } else if (tag == Tag.ContentSequence || tag == Tag.WaveformAnnotationSequence) {
      attribute.target().putItems(tag, codes.dummyItem(tag));
    } else if (attribute.vr() == Vr.SQ) {
      within(attribute, Mode.DUMMY);
    } else if (attribute.vr() == Vr.UI) {
      uid(attribute);
    } else {
      Dummies.put(attribute.target(), tag, attribute.vr());
    }
  }

  private void uid(Attribute attribute) {
    if (attribute.vr() == Vr.SQ) {
      within(attribute, attribute.mode());
    } else if (attribute.vr() == Vr.UI) {
      List<String> values = attribute.strings();
      attribute
          .target()
          .putString(attribute.tag(), Vr.UI, values.stream().map(uids::replace).toList());
    } else {
      dummy(attribute);
    }
  }

  /** Cleans an attribute; returns false where nothing clean is left of it. */
  private boolean cleaned(Attribute attribute) {
    Vr vr = attribute.vr();
    return switch (vr) {
      case SQ -> {
        boolean graphics = attribute.tag() == Tag.GraphicAnnotationSequence;
        within(attribute, graphics ? Mode.GRAPHICS : Mode.WORDS);
        yield true;
      }
      case DA, TM, DT -> moved(attribute);
      case AS -> aged(attribute);
      case LO, SH, ST, LT, UT, UC ->
          attribute.tag() != Tag.TimezoneOffsetFromUTC && attribute.put(clean(attribute));
      default -> false;
    };
  }

  private List<String> clean(Attribute attribute) {
    return attribute.strings().stream()
        .map(text -> words.clean(text, attribute.vr()))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** Moves dates; where one cannot be moved, none is kept. */
  private boolean moved(Attribute attribute) {
    List<String> values = attribute.strings();
    List<String> moved = new ArrayList<>();
    for (String value : values) {
      Dates.moved(attribute.vr(), value, subject.days()).ifPresent(moved::add);
    }
    return moved.size() == values.size() && attribute.put(moved);
  }

  /** Ages above 89 years become 90: so old are few. */
  private static boolean aged(Attribute attribute) {
    String age = attribute.source().string(attribute.tag()).orElse("");
    if (!age.matches("[0-9]{3}[DWMY]")) {
      return false;
    }
    boolean old = age.endsWith("Y") && Integer.parseInt(age.substring(0, 3)) > 89;
    return attribute.put(List.of(old ? "090Y" : age));
  }

  private void unlisted(Attribute attribute) {
    Vr vr = attribute.vr();
    // Pixel data is kept by object() at the outermost level; small pictures within items are not.
    if (isPixelData(attribute.tag()) || !attribute.suits()) {
      return;
    }
    if (attribute.tag() == Tag.GraphicLayer) {
      layer(attribute);
      return;
    }
    switch (vr) {
      case SQ -> within(attribute, attribute.mode());
      case UI -> unlistedUid(attribute);
      case PN -> dummy(attribute);
      case DA, TM, DT -> unlistedDate(attribute);
      case LO, SH, ST, LT, UT, UC -> unlistedText(attribute);
      case UR -> unlistedAddress(attribute);
      default -> {
        if (attribute.mode() == Mode.DUMMY && !Structure.keeps(attribute.tag(), vr)) {
          Structure.blank(attribute.source(), attribute.tag(), attribute.target());
        } else {
          terms.keep(attribute);
        }
      }
    }
  }

  /** Layers keep their order and lose their names, wherever they are named. */
  private void layer(Attribute attribute) {
    List<String> names =
        attribute.strings().stream()
            .map(name -> layers.computeIfAbsent(name, n -> "LAYER" + (layers.size() + 1)))
            .toList();
    attribute.target().putString(attribute.tag(), Vr.CS, names);
  }

  private static boolean isPixelData(int tag) {
    return tag == Tag.PixelData || tag == Tag.FloatPixelData || tag == Tag.DoubleFloatPixelData;
  }

  private void unlistedUid(Attribute attribute) {
    boolean sound = attribute.strings().stream().allMatch(uid -> Terms.hasForm(Vr.UI, uid));
    if (sound && (UidRule.isClass(attribute.tag()) || policy.has(ProfileOption.RETAIN_UIDS))) {
      attribute.keep();
    } else {
      uid(attribute);
    }
  }

  /** Addresses hold UIDs and names of hosts; those of codes and of coding schemes hold none. */
  private void unlistedAddress(Attribute attribute) {
    boolean code = attribute.tag() == Tag.URNCodeValue || attribute.tag() == Tag.CodingSchemeURL;
    if (code && attribute.mode() == Mode.ORDINARY) {
      terms.keep(attribute);
    } else {
      dummy(attribute);
    }
  }

  private void unlistedDate(Attribute attribute) {
    if (policy.has(ProfileOption.RETAIN_FULL_DATES)) {
      terms.keep(attribute);
    } else if (!policy.has(ProfileOption.RETAIN_MODIFIED_DATES) || !moved(attribute)) {
      dummy(attribute);
    }
  }

  private void unlistedText(Attribute attribute) {
    boolean keep =
        switch (attribute.mode()) {
          case ORDINARY -> attribute.strings().stream().noneMatch(words::names);
          case WORDS -> subject.isNotice(attribute.strings());
          case GRAPHICS, DUMMY -> Structure.keeps(attribute.tag(), attribute.vr());
        };
    if (keep) {
      attribute.keep();
    } else if (attribute.mode() != Mode.WORDS || !attribute.put(clean(attribute))) {
      dummy(attribute);
    }
  }
}

package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.Uids;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;

final class GetProposalTest {
  private static final Query STUDY =
      new Query(QueryLevel.STUDY, false, Map.of("StudyInstanceUID", Objects.STUDY));

  private static List<PresentationContext> contexts(Set<String> held) {
    return GetProposal.of(STUDY, held).contexts();
  }

  private static List<List<String>> syntaxes(Set<String> held, String sopClassUid) {
    return contexts(held).stream()
        .filter(context -> context.abstractSyntax().equals(sopClassUid))
        .map(PresentationContext::transferSyntaxes)
        .toList();
  }

  private static Set<String> classes(int count) {
    Set<String> classes = new LinkedHashSet<>();
    IntStream.range(0, count).forEach(i -> classes.add("1.2.3." + i));
    return classes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 12, 50, 96, 97, 1000})
  void anAssociationIsFullButNotMoreThanFull(int held) {
    Connector.Proposal proposal = GetProposal.of(STUDY, classes(held));
    assertThat(proposal.contexts()).hasSize(128);
    assertThat(proposal.contexts())
        .extracting(PresentationContext::id)
        .containsExactlyElementsOf(IntStream.range(0, 128).mapToObj(i -> 2 * i + 1).toList());
    assertThat(proposal.contexts().get(0).abstractSyntax())
        .isEqualTo(Uids.StudyRootQueryRetrieveInformationModelGet);
    assertThat(proposal.contexts().subList(1, 128))
        .allSatisfy(
            context ->
                assertThat(proposal.roles().get(context.abstractSyntax()))
                    .isEqualTo(new Associate.Roles(false, true)));
  }

  @Test
  void eachTransferSyntaxOfAHeldClassHasAContextOfItsOwn() {
    assertThat(syntaxes(Set.of(Uids.CTImageStorage, "1.2.3"), Uids.CTImageStorage))
        .allMatch(group -> group.size() == 1)
        .hasSameSizeAs(StorageClasses.transferSyntaxes())
        .flatExtracting(group -> group)
        .containsExactlyInAnyOrderElementsOf(StorageClasses.transferSyntaxes())
        .startsWith(Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 12, 31, 96})
  void whatDoesNotFitIsOneGroupOfTheRareSyntaxesUncompressedAndLosslessFirst(int held) {
    List<List<String>> groups = syntaxes(classes(held), "1.2.3.0");
    assertThat(groups).hasSize(96 / held);
    assertThat(groups).flatExtracting(group -> group).doesNotHaveDuplicates();
    assertThat(groups)
        .flatExtracting(group -> group)
        .hasSameSizeAs(StorageClasses.transferSyntaxes());
    List<String> last = groups.get(groups.size() - 1);
    assertThat(last).hasSizeGreaterThan(1);
    assertThat(StorageClasses.transferSyntaxes()).containsSubsequence(last);
    for (int i = 0; i < Math.min(groups.size() - 1, 9); i++) {
      assertThat(groups.get(i)).containsExactly(StorageClasses.usualTransferSyntaxes().get(i));
    }
  }

  @Test
  void classesThatThePeerDidNotTellAreProposedBesideWithAllSyntaxes() {
    assertThat(syntaxes(Set.of("1.2.3"), Uids.CTImageStorage))
        .containsExactly(StorageClasses.transferSyntaxes());
    assertThat(syntaxes(Set.of(), Uids.CTImageStorage))
        .containsExactly(StorageClasses.transferSyntaxes());
  }

  @Test
  void whatIsNoUidIsNotProposed() {
    assertThat(contexts(Set.of("CT Image Storage", "1.2.3")))
        .noneMatch(context -> context.abstractSyntax().equals("CT Image Storage"))
        .anyMatch(context -> context.abstractSyntax().equals("1.2.3"));
  }
}

#!/bin/bash
# Writes other_checkers.tsv: what dciodvfy (dicom3tools), dsrdump (dcmtk) and DicomSRValidator
# (PixelMed) say of each mutant that they do not say of the valid document it was made from.
#
#   ./mvnw verify -pl dicom-adapter/check -am -Dtest=MutantsTest -Dllavamed.mutants=FOLDER
#   other_checkers.sh FOLDER > other_checkers.tsv
#
# Takes minutes: the last starts a virtual machine for each file.
set -u
folder=$1
limits="-Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0"

lines() {
  case $1 in
    dciodvfy) dciodvfy "$2" 2>&1 ;;
    dsrdump) dsrdump "$2" 2>&1 ;;
    pixelmed) java -XX:TieredStopAtLevel=1 $limits -cp /usr/share/java/pixelmed.jar \
      com.pixelmed.validate.DicomSRValidator "$2" 2>&1 ;;
  esac | grep -E '^(Error|Warning|Abort|E:|W:|F:)' | sort -u
}

verdict() {
  new=$(comm -13 "$2" <(lines "$1" "$3"))
  if grep -qE '^(Error|Abort|E:|F:)' <<< "$new"; then echo error
  elif [ -n "$new" ]; then echo warning
  else echo -
  fi
}

base=$(mktemp -d)
for document in "$folder"/*; do
  tools="dciodvfy dsrdump pixelmed"
  [ "${document##*/}" = secondary-capture ] && tools=dciodvfy
  for tool in $tools; do lines $tool "$document/valid" > "$base/$tool"; done
  for file in "$document"/*; do
    name=${file##*/}
    [ "$name" = valid ] && continue
    row=$name
    for tool in dciodvfy dsrdump pixelmed; do
      case " $tools " in
        *" $tool "*) row+=$'\t'$(verdict $tool "$base/$tool" "$file") ;;
        *) row+=$'\t'"no document" ;;
      esac
    done
    printf '%s\n' "$row"
  done
done
rm -r "$base"

package org.llavamed.network;

/** The levels of the query/retrieve information models (PS3.4 annex C.6). */
public enum QueryLevel {
  PATIENT,
  STUDY,
  SERIES,
  IMAGE
}

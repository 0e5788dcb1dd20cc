package org.llavamed.dimse.internal;

/** The states of an association (PS3.8 section 9.2.1) that a thread of ours can be in. */
enum State {
  /** Idle: no transport connection. */
  STA1,
  /** The transport connection is open, an A-ASSOCIATE-RQ PDU is awaited. */
  STA2,
  /** A request has come, our own decision on it is awaited. */
  STA3,
  /** An A-ASSOCIATE-AC or A-ASSOCIATE-RJ PDU is awaited. */
  STA5,
  /** The association is established. */
  STA6,
  /** An A-RELEASE-RP PDU is awaited. */
  STA7,
  /** An A-RELEASE-RQ PDU has come, our own response is awaited. */
  STA8,
  /** Release collision, requestor: our own response is awaited. */
  STA9,
  /** Release collision, acceptor: an A-RELEASE-RP PDU is awaited. */
  STA10,
  /** Release collision, requestor: an A-RELEASE-RP PDU is awaited. */
  STA11,
  /** Release collision, acceptor: our own response is awaited. */
  STA12,
  /** The end of the transport connection is awaited. */
  STA13
}

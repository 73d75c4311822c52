// Package sandbox is a pretend Telegram: a small world of people, groups and
// channels with their histories, served over real MTProto on a loopback
// address by the server role of package mtproto.
//
// What is sent is there when it is read, other sessions of those concerned get
// the updates with right pts, and wrong requests get the real API's errors. A
// method, or a parameter of one, that is not simulated is answered with an
// rpc_error 501 that says so (SANDBOX_METHOD_NOT_SIMULATED,
// SANDBOX_PARAMETER_NOT_SIMULATED); nothing is ever made up.
//
// The world begins as a fixture in the line language: TL constructors as
// statements, and a few commands for what TL has no word for (see world.tlsh,
// the embedded one, and [Config].World).
//
// [Faults] make it slow and do it wrong: a network that lags, loses and cuts,
// clocks and salts that change, flood waits, failures. [Sandbox.Command] sets
// them by words, [Sandbox.Ledger] tells what came of every request.
//
// Each handler names the page of https://core.telegram.org/method that it
// follows.
package sandbox

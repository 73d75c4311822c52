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
// # Which methods
//
// There are more than 300 of the 808 (`tlsh sandbox methods` lists them), chosen in
// this order:
//
//   - What every client calls before anything else: sign-in, help.getConfig,
//     help.getAppConfig, updates.getState and the differences, dialogs.
//   - What the friendly methods of Telethon, Pyrogram, GramJS and gotd's packages
//     call underneath, for most programs are written with these, and the methods
//     of the Bot API: sending and editing of every kind, histories, search,
//     members and rights, files, invite links, contacts, profiles.
//   - What is needed to see the effect of those, or to undo it: a list for each
//     thing that can be added, a way out for each way in.
//   - Then whole areas of core.telegram.org/api, one after the other, each with
//     all of its methods, as far as a server without money, telephony, other
//     servers and moderators can tell the truth: forums, polls, reactions,
//     scheduled messages, folders and those that are shared by a link, stickers,
//     discussion groups, contacts and blocklists, bots with their keyboards and
//     inline mode, stories with their albums, reports.
//
// Left out is what would have to be made up: payments and stars, gifts, calls,
// statistics, translations, transcriptions, sponsored messages, secret chats.
//
// Each handler names the page of https://core.telegram.org/method that it
// follows, declares the errors that it gives and the optional parameters that it
// heeds; the tests want to have seen its success and each of these errors.
package sandbox

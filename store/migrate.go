package store

import (
	"database/sql"
	"fmt"
)

// application marks the files of this program ("tlsh"):
// https://www.sqlite.org/pragma.html#pragma_application_id.
const application = 0x746c7368

// migrations make a file of version i one of version i+1. They are never
// changed once released: what is to be different is a further one. Numbers of
// TL are 64 bits with a sign, as INTEGER is.
var migrations = [...]string{
	// 1: who was met. kind is 1 for a user, 2 for a basic group, 3 for a channel;
	// access_hash is NULL where it is not known; in_kind, in_id and in_msg are the
	// message in which somebody was seen who is known from min constructors alone
	// (https://core.telegram.org/api/min); seen is in seconds since 1970.
	`CREATE TABLE entities (
		kind INTEGER NOT NULL, id INTEGER NOT NULL, access_hash INTEGER, min INTEGER NOT NULL, self INTEGER NOT NULL,
		title TEXT NOT NULL, folded TEXT NOT NULL, phone TEXT NOT NULL,
		in_kind INTEGER NOT NULL, in_id INTEGER NOT NULL, in_msg INTEGER NOT NULL,
		seen INTEGER NOT NULL,
		PRIMARY KEY (kind, id)
	) WITHOUT ROWID;
	CREATE INDEX entities_folded ON entities (folded);
	CREATE INDEX entities_phone ON entities (phone) WHERE phone <> '';
	CREATE INDEX entities_self ON entities (self) WHERE self = 1;
	CREATE INDEX entities_seen ON entities (seen);
	CREATE TABLE usernames (
		name TEXT NOT NULL PRIMARY KEY, -- in lower case
		spelling TEXT NOT NULL, kind INTEGER NOT NULL, id INTEGER NOT NULL,
		place INTEGER NOT NULL, active INTEGER NOT NULL
	) WITHOUT ROWID;
	CREATE INDEX usernames_of ON usernames (kind, id, place);`,

	// 2: auth keys. environment says where a key is valid and nowhere else;
	// fingerprint is that of the RSA key with which it was made; time_offset is
	// in nanoseconds; layer is the one last spoken with it.
	`CREATE TABLE auth_keys (
		environment TEXT NOT NULL, dc INTEGER NOT NULL, fingerprint INTEGER NOT NULL,
		key BLOB NOT NULL CHECK (length(key) = 256), salt INTEGER NOT NULL, time_offset INTEGER NOT NULL,
		layer INTEGER NOT NULL, made INTEGER NOT NULL,
		PRIMARY KEY (environment, dc, fingerprint)
	) WITHOUT ROWID;`,

	// 3: whose the profile is, where the servers listen, and secrets that are
	// encrypted: lock has the recipient to whom they are, and its identity under
	// the passphrase (https://age-encryption.org). A key then has more than 256
	// bytes; key_id, its auth_key_id, tells which it is (0 where that was not
	// written down). Times are seconds since 1970, 0 for none.
	`CREATE TABLE account (
		one INTEGER PRIMARY KEY CHECK (one = 1), environment TEXT NOT NULL,
		api_id INTEGER NOT NULL, api_hash BLOB NOT NULL, dc INTEGER NOT NULL,
		user INTEGER NOT NULL, bot INTEGER NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL, phone TEXT NOT NULL,
		signed_in INTEGER NOT NULL, signed_out INTEGER NOT NULL
	);
	CREATE TABLE addresses (
		place INTEGER PRIMARY KEY, dc INTEGER NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL,
		media INTEGER NOT NULL, cdn INTEGER NOT NULL, static INTEGER NOT NULL, one_port INTEGER NOT NULL, until INTEGER NOT NULL
	);
	CREATE TABLE lock (one INTEGER PRIMARY KEY CHECK (one = 1), recipient TEXT NOT NULL, identity BLOB NOT NULL);
	ALTER TABLE auth_keys RENAME TO plain_keys;
	CREATE TABLE auth_keys (
		environment TEXT NOT NULL, dc INTEGER NOT NULL, fingerprint INTEGER NOT NULL,
		key BLOB NOT NULL CHECK (length(key) >= 256), key_id INTEGER NOT NULL, salt INTEGER NOT NULL, time_offset INTEGER NOT NULL,
		layer INTEGER NOT NULL, made INTEGER NOT NULL,
		PRIMARY KEY (environment, dc, fingerprint)
	) WITHOUT ROWID;
	INSERT INTO auth_keys (environment, dc, fingerprint, key, key_id, salt, time_offset, layer, made)
		SELECT environment, dc, fingerprint, key, 0, salt, time_offset, layer, made FROM plain_keys;
	DROP TABLE plain_keys;`,

	// 4: future auth tokens (https://core.telegram.org/api/auth#future-auth-tokens),
	// encrypted where the file's secrets are; a later one has a higher place.
	`CREATE TABLE tokens (place INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL);`,
}

// migrate brings a file to the version of the list. It refuses one that is
// newer, and one that is another program's.
func (s *Store) migrate(db *sql.DB, list []string) error {
	version, err := s.version(db, len(list))
	if err != nil {
		return err
	}
	var mode string
	if err := db.QueryRow("PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	for ; version < len(list); version++ {
		if err := step(db, version, list[version]); err != nil {
			return err
		}
	}
	return nil
}

// version reads which migrations the file has.
func (s *Store) version(db *sql.DB, known int) (int, error) {
	var version, app, tables int
	err := db.QueryRow(`SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema)`).Scan(&version, &app, &tables)
	switch {
	case err != nil:
		return 0, err
	case app != application && (app != 0 || version != 0 || tables != 0):
		return 0, &Error{Path: s.path, Msg: "belongs to another program", Fix: "it was left as it is"}
	case version > known:
		return 0, &Error{Path: s.path, Msg: fmt.Sprintf("was written by a newer tlsh: it has version %d, and this one knows up to %d", version, known),
			Fix: "use the newer tlsh, or another --profile"}
	}
	return version, nil
}

// step makes one migration, whole or not at all.
func step(db *sql.DB, version int, change string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // of no effect after Commit
	var now int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&now); err != nil || now > version {
		return err // another process was faster
	}
	if _, err := tx.Exec(fmt.Sprintf("%s\nPRAGMA application_id = %d; PRAGMA user_version = %d;", change, application, version+1)); err != nil {
		return err
	}
	return tx.Commit()
}

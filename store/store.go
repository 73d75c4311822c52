// Package store keeps one profile's SQLite file.
package store

import _ "modernc.org/sqlite"

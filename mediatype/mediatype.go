// Package mediatype knows which MIME type a file has by its name, and what the
// names of files of a type end in.
package mediatype

import (
	"mime"
	"path/filepath"
	"strings"
)

// Unknown is the type of a file of which nothing is known.
const Unknown = "application/octet-stream"

// known are the types that Telegram's clients show in a way of their own and
// those seen most: they are the same on every machine. The first end of a name is
// the usual one.
var known = [...]struct{ ext, mime string }{
	{".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".png", "image/png"}, {".gif", "image/gif"}, {".webp", "image/webp"},
	{".mp4", "video/mp4"}, {".mov", "video/quicktime"}, {".webm", "video/webm"}, {".mkv", "video/x-matroska"},
	{".mp3", "audio/mpeg"}, {".m4a", "audio/mp4"}, {".ogg", "audio/ogg"}, {".oga", "audio/ogg"}, {".opus", "audio/ogg"},
	{".flac", "audio/flac"}, {".wav", "audio/x-wav"},
	{".pdf", "application/pdf"}, {".zip", "application/zip"}, {".gz", "application/gzip"}, {".json", "application/json"},
	{".txt", "text/plain"}, {".tgs", "application/x-tgsticker"},
	{".attheme", "application/x-tgtheme-android"}, {".tdesktop-theme", "application/x-tgtheme-tdesktop"},
}

// Of is the type of a file by the end of its name; Unknown where that says
// nothing.
func Of(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	for _, k := range known {
		if k.ext == ext {
			return k.mime
		}
	}
	if t, _, _ := strings.Cut(mime.TypeByExtension(ext), ";"); t != "" {
		return t
	}
	return Unknown
}

// Extension is what the names of files of a type end in, with its dot; "" where
// that is not known.
func Extension(mimeType string) string {
	for _, k := range known {
		if k.mime == mimeType {
			return k.ext
		}
	}
	if list, err := mime.ExtensionsByType(mimeType); err == nil && len(list) > 0 && mimeType != Unknown {
		return list[0]
	}
	return ""
}

package mediatype

import "testing"

func TestTypes(t *testing.T) {
	for name, want := range map[string]string{
		"a.JPG": "image/jpeg", "b.tar.gz": "application/gzip", "c": Unknown, ".txt": "text/plain", "d.no-such-end": Unknown,
	} {
		if got := Of(name); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	for mime, want := range map[string]string{"image/jpeg": ".jpg", "audio/ogg": ".ogg", Unknown: "", "x/no-such-type": "", "": ""} {
		if got := Extension(mime); got != want {
			t.Errorf("%s ends in %q", mime, got)
		}
	}
	for _, k := range known {
		if Of("x"+k.ext) != k.mime || Extension(k.mime) == "" {
			t.Errorf("%s and %s do not agree", k.ext, k.mime)
		}
	}
}

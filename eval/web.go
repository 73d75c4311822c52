package eval

import (
	"context"

	"tlsh/files"
	"tlsh/tl"
)

// webDocuments adds to list the files of the web in a value: those that inline
// results and invoices show (https://core.telegram.org/api/files#downloading-webfiles).
func webDocuments(v tl.Value, list []*tl.Object) []*tl.Object {
	if vec := v.Vector(); vec != nil {
		for _, it := range vec.Items {
			list = webDocuments(it, list)
		}
		return list
	}
	o := v.Object()
	switch {
	case o == nil:
		return list
	case o.Def().Result.Name == "WebDocument":
		return append(list, o)
	}
	for _, f := range o.Fields() {
		list = webDocuments(f, list)
	}
	return list
}

// webFiles are files of the web that come through Telegram's servers: those of
// one data centre, which the configuration names.
func (r *run) webFiles(ctx context.Context, web []*tl.Object) ([]*files.Found, error) {
	def := r.cfg.Schema.Constructor("inputWebFileLocation")
	var found []*files.Found
	dc := 0
	for _, o := range web {
		address := o.At("url")
		if !o.Is("webDocument") || def == nil {
			return nil, &localError{"this file lies outside Telegram, and does not come through it: " + address.AsString()}
		}
		if dc == 0 {
			config, err := r.query(ctx, "help.getConfig")
			if err != nil {
				return nil, err
			}
			dc = int(config.Object().At("webfile_dc_id").AsInt())
		}
		f := files.Find(o, tl.New(def).With("url", address).With("access_hash", o.At("access_hash")))
		f.DC = dc
		found = append(found, f)
	}
	return found, nil
}

// Package markup reads Markdown and HTML into a text and its entities.
package markup

import _ "golang.org/x/net/html"

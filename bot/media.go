package bot

import (
	"fmt"
	"strings"
)

// PhotoID says where a photo of a resident is: at the provider of a channel, or in our
// own store. It holds nothing of the photo itself.
type PhotoID string

// NewPhotoID is the id of a photo that came over a channel.
func NewPhotoID(c Channel, id string) PhotoID { return PhotoID(string(c) + ":" + id) }

// Cut returns the channel that the photo came over, and its id there.
func (p PhotoID) Cut() (c Channel, id string) {
	before, id, _ := strings.Cut(string(p), ":")
	return Channel(before), id
}

const geo = "geo:"

// GeoURI is a place on the map as a URI (RFC 5870), in degrees. Five decimals are
// about a metre.
func GeoURI(latitude, longitude float64) string {
	return fmt.Sprintf("%s%.5f,%.5f", geo, latitude, longitude)
}

// ParseGeoURI returns the degrees of a place on the map, as they are written.
func ParseGeoURI(s string) (latitude, longitude string, ok bool) {
	s, ok = strings.CutPrefix(s, geo)
	if !ok {
		return "", "", false
	}
	return strings.Cut(s, ",")
}

// TakesPhotos reports whether residents can send a photo over the channel that staff
// can look at.
func (c Channel) TakesPhotos() bool { return c == WebChat || c == Telegram }

package urlnorm

import "strings"

// trackers are query parameters that tell the publisher who sent the reader
// and never select what is shown. A name is listed only if no site is known to
// use it for anything else.
var trackers = map[string]bool{
	// advertising clicks
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "gad_source": true,
	"gad_campaignid": true, "msclkid": true, "yclid": true, "ysclid": true, "twclid": true, "ttclid": true, "li_fat_id": true,
	"igshid": true, "igsh": true, "srsltid": true, "rb_clickid": true, "wickedid": true, "irclickid": true, "epik": true,
	"_openstat": true, "_branch_match_id": true, "_branch_referrer": true,
	// newsletters and marketing systems
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true, "__hssc": true, "__hstc": true, "__hsfp": true,
	"hsctatracking": true, "oly_enc_id": true, "oly_anon_id": true, "vero_id": true, "vero_conv": true, "ml_subscriber": true,
	"ml_subscriber_hash": true, "ck_subscriber_id": true, "_ke": true, "sc_src": true, "sc_llid": true, "sc_lid": true, "sc_uid": true,
	"sc_eh": true, "bsft_clkid": true, "bsft_uid": true, "mibextid": true, "trk_contact": true, "trk_msg": true, "trk_module": true,
	"trk_sid": true, "__s": true, "ss_email_id": true,
	// audience measurement
	"_ga": true, "_gl": true, "ncid": true, "cmpid": true, "smid": true, "smtyp": true, "xtor": true, "guccounter": true,
	"guce_referrer": true, "guce_referrer_sig": true, "at_medium": true, "at_campaign": true, "at_custom1": true, "at_custom2": true,
	"at_custom3": true, "at_custom4": true, "at_link_id": true, "at_link_origin": true, "at_link_type": true, "at_ptr_name": true,
	"at_format": true, "at_bbc_team": true, "at_campaign_type": true, "ns_mchannel": true, "ns_source": true, "ns_campaign": true,
	"ns_linkname": true, "ns_fee": true, "icid": true, "taid": true, "tpcc": true, "wt.mc_id": true, "wt_mc_id": true,
	"referringsource": true, "reflink": true,
}

// trackerPrefixes begin the names of whole families of such parameters.
var trackerPrefixes = []string{"utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "stm_", "itm_", "utm-"}

// sessions are parameters that name a visit.
var sessions = map[string]bool{
	"phpsessid": true, "jsessionid": true, "sessionid": true, "session_id": true, "aspsessionid": true, "cfid": true, "cftoken": true,
}

// cleanQuery drops the parameters that do not select content and keeps the
// others as they are, in their order.
func cleanQuery(q string) string {
	if q == "" {
		return ""
	}
	kept := strings.Split(q, "&")
	n := 0
	for _, p := range kept {
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !tracks(name) {
			kept[n] = p
			n++
		}
	}
	return strings.Join(kept[:n], "&")
}

func tracks(name string) bool {
	name = strings.ToLower(normalize(name))
	if trackers[name] || sessions[name] {
		return true
	}
	for _, p := range trackerPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// dropSession removes the session that Java servers write into a path.
func dropSession(path string) string {
	const mark = ";jsessionid="
	for {
		i := strings.Index(strings.ToLower(path), mark)
		if i < 0 {
			return path
		}
		end := strings.IndexAny(path[i+1:], ";/")
		if end < 0 {
			return path[:i]
		}
		path = path[:i] + path[i+1+end:]
	}
}

// normalize brings percent-encoding to one form: encoded unreserved characters
// are decoded, hexadecimal digits are upper case. An encoded dot stays as it
// is, because decoded it could become a dot segment, and a percent sign that
// encodes nothing is encoded itself, or it could take in what is decoded after it.
func normalize(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			b.WriteString("%25")
			continue
		}
		octet := unhex(s[i+1])<<4 | unhex(s[i+2])
		if unreserved(octet) {
			b.WriteByte(octet)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '~'
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}

package article

import (
	"net/url"
	"regexp"
	"strings"
)

// Sizes in letters. A page with more text than longPage has something to say,
// whatever its title; less than shortest is no text.
const (
	shortest  = 40
	shortText = 600
	longPage  = 1500
)

var (
	rxMissing     = regexp.MustCompile(`(?i)^\W*(?:(?:error|http|status)?\W*404\b.{0,60}|(?:.{0,40}\b)?(?:page|article|story|content|site|url|file|resource)\s+(?:was |is |could |can |can['’]?t |cannot |not |be |no longer |could not |has been )*(?:not (?:be )?found|can['’]?t be found|cannot be found|unavailable|no longer available|does(?:n['’]?t| not) exist|removed|missing)\b.{0,60}|not found|oops\b.{0,80}|nothing (?:was )?found.{0,40}|seite nicht gefunden.{0,40}|page (?:introuvable|non trouvée).{0,40}|página no encontrada.{0,40})\W*$`)
	rxGone        = regexp.MustCompile(`(?i)(?:page|article|story|content) (?:you(?:['’]re| are|['’]ve| have)? (?:looking for|requested|trying to (?:reach|access|view))|requested).{0,60}(?:not|n['’]t|no longer|moved|removed|unavailable|expired)|(?:this|the) (?:page|article|story|content) (?:is no longer|isn['’]t|is not|has been (?:removed|deleted|moved)|does(?:n['’]t| not) exist|could not be found)`)
	rxRobot       = regexp.MustCompile(`(?i)just a moment\.\.\.|attention required|access (?:to this page )?(?:has been |was |is )?denied|pardon our interruption|are you (?:a )?(?:robot|human)|(?:verify|confirm|prove|checking)(?: that)? (?:if )?(?:you are|you['’]re|the site connection is|your browser)|not a robot|unusual (?:traffic|activity)|enable javascript and cookies|ddos protection|request unsuccessful|security check|human verification|bot (?:detection|protection|check)|please complete the (?:captcha|security)|you have been blocked|cloudflare ray id|too many requests|performing security verification`)
	rxRobotScript = regexp.MustCompile(`(?i)cdn-cgi/challenge-platform|_incapsula_resource|captcha-delivery\.com|px-captcha|perimeterx|hcaptcha\.com|recaptcha/api|datadome|_cf_chl_opt|akamai.{0,20}bot`)
	rxConsent     = regexp.MustCompile(`(?i)before you continue|we (?:and our \d*\s*partners )?(?:value|care about|respect) your privacy|(?:we|and our (?:\d+ )?partners),? (?:use|store|process)[^.]{0,60}(?:cookies|personal data|information on)|accept (?:all|cookies|and continue)|manage (?:your )?(?:cookie|privacy|consent|choices|options|preferences)|(?:cookie|privacy|consent) (?:settings|preferences|choices|policy)|your (?:privacy|consent)|gdpr|personali[sz]ed (?:ads|advertising|content)|legitimate interest|wir verwenden cookies|zustimmen`)
	rxShell       = regexp.MustCompile(`(?i)(?:enable|requires?|turn on|without|activate|need) (?:java ?script)|java ?script (?:is|must be|to be|has been) (?:required|enabled|disabled|off|not)|your browser (?:is (?:not supported|out of date|outdated)|does(?:n['’]?t| not) support)|^\W*loading\W*$`)
)

// refuse tells why a page holds no article; nil if it holds one. kept is the
// text chosen, t the whole page, src its source.
func (f *facts) refuse(t *tree, title, kept, pageURL, src string) *Reject {
	size := letters(kept)
	all := pageText(t)
	page := letters(all)
	small := size < longPage && page < 2*longPage
	switch {
	case (rxMissing.MatchString(title) || rxMissing.MatchString(f.titleTag) || f.missingHeading()) && size < 2*longPage:
		return &Reject{"soft_404", clip(firstText(title, f.titleTag), 80)}
	case size < shortText && rxGone.MatchString(all):
		return &Reject{"soft_404", clip(rxGone.FindString(all), 80)}
	case small && size < shortText && (rxRobot.MatchString(title) || rxRobot.MatchString(f.titleTag) || rxRobot.MatchString(all)):
		return &Reject{"bot_challenge", clip(firstText(rxRobot.FindString(f.titleTag), rxRobot.FindString(all)), 80)}
	case page < shortText && rxRobotScript.MatchString(src):
		return &Reject{"bot_challenge", rxRobotScript.FindString(src)}
	case small && f.consentWall(pageURL, all, kept):
		return &Reject{"consent_wall", clip(rxConsent.FindString(all), 80)}
	case size < shortText && rxShell.MatchString(all), page < shortText/2 && size < shortText/4 && f.root && f.scriptLen+strings.Count(src, "<script") > 0:
		return &Reject{"app_shell", clip(rxShell.FindString(all), 80)}
	case size < shortText/2 && rxShell.MatchString(noScript(src)):
		return &Reject{"app_shell", "the text comes by script"}
	case size == 0 && (page == 0 || page > shortText/3):
		return &Reject{"no_text", ""}
	case size < shortest:
		return &Reject{"too_short", clip(firstText(kept, all), 80)}
	case size < longPage && f.isFrontPage(pageURL):
		return &Reject{"soft_404", "the site's front page"}
	}
	return nil
}

// missingHeading tells whether the page's only headline is that of an error.
func (f *facts) missingHeading() bool {
	return len(f.headings) == 1 && rxMissing.MatchString(f.headings[0].text)
}

// consentWall tells whether a page is there to ask for consent: what it says
// is about that, not about the world.
func (f *facts) consentWall(pageURL, all, kept string) bool {
	if u, err := url.Parse(pageURL); err == nil && (strings.HasPrefix(u.Hostname(), "consent.") || strings.HasPrefix(u.Path, "/consent")) {
		return true
	}
	marks := len(rxConsent.FindAllStringIndex(all, 8))
	return marks >= 3 && !f.claimsArticle() || marks >= 2 && rxConsent.MatchString(f.titleTag) || marks >= 2 && letters(kept) < shortText && rxConsent.MatchString(kept) && !f.claimsArticle()
}

func (f *facts) claimsArticle() bool {
	return f.linked.isArticle || f.first("og:type") == "article" || f.first("article:published_time") != ""
}

// isFrontPage tells whether the answer to the address of an article is a page
// that calls itself the site's front page.
func (f *facts) isFrontPage(pageURL string) bool {
	u, err := url.Parse(pageURL)
	c, cerr := url.Parse(f.canonicalURL(pageURL))
	if err != nil || cerr != nil || f.claimsArticle() || c.Host == "" {
		return false
	}
	return strings.Trim(u.Path, "/") != "" && strings.Trim(c.Path, "/") == "" && c.RawQuery == ""
}

// pageText is the beginning of all that the page shows.
func pageText(t *tree) string {
	var sb strings.Builder
	for _, b := range t.blocks {
		if sb.Len() > 4*longPage {
			break
		}
		sb.WriteString(b.text)
		sb.WriteByte('\n')
	}
	return sb.String()
}

var rxNoScript = regexp.MustCompile(`(?is)<noscript[^>]*>(.{0,600}?)</noscript>`)

// noScript is what the page says to browsers without scripts.
func noScript(src string) string {
	var sb strings.Builder
	for _, m := range rxNoScript.FindAllStringSubmatch(src[:min(len(src), 1<<20)], 10) {
		sb.WriteString(rxTag.ReplaceAllString(m[1], " "))
		sb.WriteByte('\n')
	}
	return sb.String()
}

var rxWall = regexp.MustCompile(`(?i)(?:to (?:continue|keep) reading|to read (?:the (?:full|rest|whole)|this|more)|(?:this|the full|rest of the) (?:article|story|content|post) is (?:for|only|available (?:to|for|only)|reserved|exclusive)[^.]{0,40}(?:subscribers|members|premium)|(?:for|exclusively for) (?:paid |paying )?subscribers(?: only)?\b|subscribers? only|already a subscriber|become a (?:paid )?(?:subscriber|member) to|subscribe (?:now )?(?:to|for) (?:continue|unlimited|full|read|unlock|access)|unlock (?:this|the full|full) (?:article|story|access)|you have (?:reached|read) your .{0,30}(?:limit|free articles)|register to (?:continue|read)|this post is for pa(?:id|ying) subscribers)`)

// paywalled tells whether the page says that its text is not free, or breaks
// off with an offer to buy the rest.
func (f *facts) paywalled(t *tree, keptSize int) bool {
	if f.linked.locked {
		return true
	}
	switch strings.ToLower(f.first("article:content_tier", "content_tier", "article.content_tier")) {
	case "locked", "metered", "paid", "premium":
		return true
	}
	if keptSize > 2*longPage || f.linked.free {
		return false
	}
	for _, b := range t.blocks {
		if b.size < 300 && b.place&inComment == 0 && mayOffer(b.text) && rxWall.MatchString(b.text) {
			return true
		}
	}
	return false
}

// mayOffer passes over, cheaply, texts in which rxWall cannot match.
func mayOffer(text string) bool {
	text = strings.ToLower(text)
	for _, w := range [...]string{"subscri", "to read", "to continue", "to keep", "this article is", "this story is", "unlock", "a member", "members", "you have re", "reserved", "register to", "rest of the"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

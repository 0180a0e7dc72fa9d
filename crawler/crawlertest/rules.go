package crawlertest

import (
	"net/http"
	"strings"
	"time"
)

// RobotsUnavailable: robots.txt answers 503, and (stage 1) well.
func RobotsUnavailable(s *Site) *Scenario {
	c := s.open("robots-unavailable")
	c.Host.Feed("/feed.xml", c.publishMany("/a/item", 2)...)
	c.Host.Handle("/robots.txt", s.Stages(Status(http.StatusServiceUnavailable), Body("text/plain", "User-agent: *\nAllow: /\n")))
	return c
}

// RobotsReset: the connection for robots.txt is reset, and (stage 1) it answers well.
func RobotsReset(s *Site) *Scenario {
	c := s.open("robots-reset")
	c.Host.Feed("/feed.xml", c.publishMany("/a/item", 2)...)
	text := "User-agent: *\nAllow: /\n"
	c.Host.Handle("/robots.txt", s.Stages(Reset("text/plain", text, 3), Body("text/plain", text)))
	return c
}

// RobotsRules: groups for everybody and by name, wildcards and comments. What
// lies under /a/ is free, what lies elsewhere is forbidden by one of the rules.
func RobotsRules(s *Site) *Scenario {
	c := s.open("robots-rules")
	c.Host.Robots(`# Rules of the courier
User-agent: *
Disallow: /

User-agent: Framewatch # by name, in any case
Disallow: /archive/   # all of it
Allow: /archive/open/
Disallow: /*.print$
Disallow: /*?session=
Disallow: /caf%C3%A9/
`)
	c.Forbidden[c.Host.addr] = []string{"/archive/shut", "/a/card.print", "/a/list?session=", "/caf"}
	items := []Item{c.publish("/a/open.html"), c.publish("/archive/open/one.html"), c.publish("/a/page.printed.html")}
	for _, path := range []string{"/archive/shut/one.html", "/a/card.print", "/a/list?session=4", "/caf%C3%A9/one.html", "/café/two.html"} {
		c.Host.Publish(path, s.Next())
		items = append(items, c.link(path, "Forbidden "+path))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// RobotsForbidsAll: everything is forbidden, the feed too.
func RobotsForbidsAll(s *Site) *Scenario {
	c := s.open("robots-forbids-all")
	c.Host.Robots("User-agent: *\nDisallow: /\n")
	c.Forbidden[c.Host.addr] = []string{"/a/", "/feed.xml"}
	c.Host.Feed("/feed.xml", c.publishMany("/a/item", 2)...)
	return c
}

// RobotsSloppy: a robots.txt with a byte order mark, carriage returns, lines
// that are none and a number that is none.
func RobotsSloppy(s *Site) *Scenario {
	c := s.open("robots-sloppy")
	text := "\ufeffUser-agent *\nUSER-AGENT: *\nDisalow this line\n<html>allow me</html>\nCrawl-delay: ten\nDisallow: /\nAllow : /open/\nAllow: /feed.xml\n\x00\xff\nSitemap:\n"
	c.Host.Handle("/robots.txt", Body("text/plain", strings.ReplaceAll(text, "\n", "\r\n")))
	items := []Item{c.publish("/open/a/one.html"), c.publish("/open/a/two.html"), c.link("/shut/one.html", "Shut")}
	c.Host.Publish("/shut/one.html", s.Next())
	c.Forbidden[c.Host.addr] = []string{"/shut/"}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// RobotsHuge: a robots.txt of size bytes whose rules stand at its beginning.
func RobotsHuge(s *Site, size int) *Scenario {
	c := s.open("robots-huge")
	c.Host.Handle("/robots.txt", Endless("text/plain", "User-agent: *\nDisallow: /shut/\n", "Disallow: /never/asked/for/this/path/at/all\n", size))
	c.Host.Publish("/shut/one.html", s.Next())
	c.Forbidden[c.Host.addr] = []string{"/shut/"}
	c.Host.Feed("/feed.xml", c.publish("/a/one.html"), c.link("/shut/one.html", "Shut"))
	return c
}

// RobotsMoved: robots.txt is found after four redirects, the last of them on
// another host.
func RobotsMoved(s *Site) *Scenario {
	c := s.open("robots-moved")
	there := c.other()
	there.Handle("/rules.txt", Body("text/plain", "User-agent: *\nDisallow: /shut/\n"))
	c.Host.Handle("/robots.txt", Redirect("/r/1"))
	c.Host.Handle("/r/1", Redirect("/r/2"))
	c.Host.Handle("/r/2", Redirect("/r/3"))
	c.Host.Handle("/r/3", Redirect(there.URL("/rules.txt")))
	c.Robots[c.Host.addr] = []string{"/r/1", "/r/2", "/r/3"}
	c.Robots[there.addr] = []string{"/rules.txt"}
	c.Host.Publish("/shut/one.html", s.Next())
	c.Forbidden[c.Host.addr] = []string{"/shut/"}
	c.Host.Feed("/feed.xml", c.publish("/a/one.html"), c.link("/shut/one.html", "Shut"))
	return c
}

// RobotsMissing: robots.txt answers 404, so everything is allowed.
func RobotsMissing(s *Site) *Scenario {
	c := s.open("robots-missing")
	c.Host.Handle("/robots.txt", http.NotFound)
	c.Forbidden = nil
	c.Host.Feed("/feed.xml", c.publish("/private/one.html"))
	return c
}

// RobotsChanges: robots.txt allows everything and (stage 1) nothing. The feed
// has one story, and from stage 1 on a second one.
func RobotsChanges(s *Site) *Scenario {
	c := s.open("robots-changes")
	c.Host.Handle("/robots.txt", s.Stages(Body("text/plain", "User-agent: *\nAllow: /\n"), Body("text/plain", "User-agent: *\nDisallow: /\n")))
	items := c.publishMany("/a/item", 2)
	c.Host.Handle("/feed.xml", s.Stages(XML(RSS("Courier", items[0])), XML(RSS("Courier", items...))))
	return c
}

// RobotsOpens: the stories lie on another host than the feed, whose robots.txt
// forbids them and (stage 1) allows them.
func RobotsOpens(s *Site) *Scenario {
	c := s.open("robots-opens")
	h := c.other()
	h.Handle("/robots.txt", s.Stages(Body("text/plain", "User-agent: *\nDisallow: /\n"), Body("text/plain", "User-agent: *\nDisallow: /private/\n")))
	var items []Item
	for _, path := range []string{"/a/one.html", "/a/two.html", "/a/three.html"} {
		story := s.Next()
		c.want(h.URL(path), story)
		items = append(items, h.Publish(path, story))
	}
	c.Host.Feed("/feed.xml", items...)
	return c
}

// CrawlDelay: a robots.txt that asks for a pause.
func CrawlDelay(s *Site, seconds string, delay time.Duration) *Scenario {
	c := s.open("crawl-delay")
	c.Host.Robots("User-agent: *\nCrawl-delay: " + seconds + "\nDisallow: /private/\n")
	c.Delays[c.Host.addr] = delay
	c.Host.Feed("/feed.xml", c.publishMany("/a/item", 2)...)
	return c
}

// Ordinary: nothing is wrong; n stories.
func Ordinary(s *Site, id string, n int) *Scenario {
	c := s.open(id)
	c.Host.Feed("/feed.xml", c.publishMany("/a/item", n)...)
	return c
}

# Computes reference.tsv with R, apart from the Go code: intervals and p values from prop.test, Holm from p.adjust, running
# sums from filter, and change points by trying every division of each series with dbinom's likelihood.
#
#   Rscript --vanilla reference.R >reference.tsv

options(digits = 15, scipen = 999)
line <- function(...) cat(paste(c(...), collapse = "\t"), "\n", sep = "")
number <- function(x) sprintf("%.12g", x)
list_of <- function(x) paste(x, collapse = ",")

cat("# made by reference.R\n")

# Wilson (1927): the score interval, which prop.test gives for one sample without its correction.
wilson <- function(k, n) as.numeric(suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int)
for (n in c(1, 2, 9, 10, 29, 30, 31, 100, 263, 1127, 180142)) {
  for (k in unique(round(c(0, 0.003, 0.05, 0.31, 0.5, 0.9, 1) * n))) {
    ends <- wilson(k, n)
    line("wilson", k, n, number(ends[1]), number(ends[2]))
  }
}

# Newcombe (1998), method 10, from the Wilson intervals; the p value is that of prop.test for two samples.
pairs <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20), c(10, 10, 0, 20), c(101, 1127, 16, 415),
  c(113, 1127, 58, 415), c(0, 30, 0, 30), c(30, 30, 40, 40), c(1, 30, 2, 3000), c(21044, 90071, 21803, 90071))
for (p in pairs) {
  before <- p[1] / p[2]; after <- p[3] / p[4]; d <- after - before
  b <- wilson(p[1], p[2]); a <- wilson(p[3], p[4])
  low <- d - sqrt((after - a[1])^2 + (b[2] - before)^2)
  high <- d + sqrt((a[2] - after)^2 + (before - b[1])^2)
  test <- suppressWarnings(prop.test(c(p[1], p[3]), c(p[2], p[4]), correct = FALSE))$p.value
  if (is.nan(test)) test <- 1 # equal shares of 0 or 1
  line("change", list_of(p), number(d), number(low), number(high), number(test))
}

for (p in list(c(0.01, 0.04, 0.03, 0.005), c(0.5, 0.6, 0.7), c(0.001, 0.001, 0.2), 0.04, c(0.9, 0.0001, 0.02, 0.02, 0.3, 0.049))) {
  line("holm", list_of(p), list_of(sapply(p.adjust(p, "holm"), number)))
}

running <- function(x, w) { s <- as.numeric(filter(c(rep(0, w - 1), x), rep(1, w), sides = 1)); s[w:length(s)] }
k <- c(3, 0, 5, 12, 0, 0, 7, 1); n <- c(20, 0, 41, 60, 12, 0, 33, 9)
for (w in 1:4) line("pooled", list_of(k), list_of(n), w, list_of(running(k, w)), list_of(running(n, w)))

# Change points: the division with the least −2 log-likelihood plus 3 log(length) for each stretch, among all with
# stretches of three places and 30 articles or more.
cost <- function(k, n, from, to) {
  i <- from:to
  p <- sum(k[i]) / sum(n[i])
  full <- sum(dbinom(k[i], n[i], p, log = TRUE))
  -2 * (full - sum(lchoose(n[i], k[i])))
}
divide <- function(k, n, most = 3) {
  m <- length(n); best <- Inf; at <- integer(0)
  try_one <- function(cuts) {
    from <- c(1, cuts); to <- c(cuts - 1, m)
    if (any(to - from + 1 < 3)) return()
    if (any(mapply(function(a, b) sum(n[a:b]), from, to) < 30)) return()
    c <- sum(mapply(function(a, b) cost(k, n, a, b), from, to)) + 3 * log(m) * length(from)
    if (c < best - 1e-9) { best <<- c; at <<- cuts }
  }
  try_one(integer(0))
  for (j in 1:most) if (m > 3 * (j + 1) - 1) apply(combn(4:(m - 2), j), 2, try_one)
  at
}
# The place of a change between its neighbors, weighed by likelihood: the likeliest places that hold 95% of the weight,
# grown outward from the best.
place <- function(k, n, a, cut, b) {
  places <- (a + 1):(b - 1)
  w <- sapply(places, function(x) if (sum(n[a:(x - 1)]) == 0 || sum(n[x:(b - 1)]) == 0) 0 else exp((cost(k, n, a, cut - 1) + cost(k, n, cut, b - 1) - cost(k, n, a, x - 1) - cost(k, n, x, b - 1)) / 2))
  lo <- hi <- which(places == cut); held <- w[lo]
  while (held < 0.95 * sum(w)) {
    left <- if (lo > 1) w[lo - 1] else -1
    right <- if (hi < length(w)) w[hi + 1] else -1
    if (left < 0 && right < 0) break
    if (left >= right) { lo <- lo - 1; held <- held + left } else { hi <- hi + 1; held <- held + right }
  }
  c(places[lo], places[hi])
}

set.seed(20250120)
series <- list(
  list(k = rbinom(36, 60, 0.2), n = rep(60, 36)),
  list(k = rbinom(30, 50, rep(c(0.1, 0.3), each = 15)), n = rep(50, 30)),
  list(k = rbinom(34, 80, c(rep(0.02, 16), rep(0.18, 4), rep(0.03, 14))), n = rep(80, 34)),
  list(k = rbinom(24, 12, rep(c(0.2, 0.6), each = 12)), n = rep(12, 24)),
  list(k = rbinom(20, 4, rep(c(0.1, 0.5), each = 10)), n = rep(4, 20)),
  list(k = c(0, 0, 1, 0, 0, 9, 8, 10, 9, 11), n = c(20, 0, 20, 20, 20, 20, 0, 22, 21, 20)[1:10] + c(0, 0, 0, 0, 0, 0, 10, 0, 0, 0)),
  list(k = c(1, 9, 1, 9), n = c(10, 10, 10, 10)),
  list(k = c(rep(2, 10), rep(9, 10), rep(4, 10)), n = rep(31, 30))
)
for (s in series) {
  cuts <- divide(s$k, s$n)
  bounds <- c(1, cuts, length(s$n) + 1)
  told <- character(0)
  for (i in seq_along(cuts)) {
    ends <- place(s$k, s$n, bounds[i], cuts[i], bounds[i + 2])
    told <- c(told, paste(cuts[i] - 1, ends[1] - 1, ends[2] - 1, sep = ":")) # places count from 0 in Go
  }
  line("changepoints", list_of(s$k), list_of(s$n), if (length(told)) list_of(told) else "none")
}

"""Who holds each file in instruction: proposed by place and load, confirmed, handed over."""

-- CRC-32 of the bytes, counted when they come: a ZIP names it in front of the bytes. It stands here and not beside each
-- file, because it is a property of the bytes like their hash. NULL: from before, counted when first asked for.
ALTER TABLE blob ADD COLUMN crc32 $INT;

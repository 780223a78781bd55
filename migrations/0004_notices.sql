ALTER TABLE `notices` ADD `tenant_id` text;--> statement-breakpoint
CREATE INDEX `notices_tenant` ON `notices` (`tenant_id`,`posted_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `notices_seen_at` integer DEFAULT 0 NOT NULL;
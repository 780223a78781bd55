ALTER TABLE `templates` ADD `samples` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `templates_name` ON `templates` (`tenant_id`,`name`);